/* SPDX-License-Identifier: GPL-2.0-only */
/* A mix by hand: ten ops, in an order that its pairs do not leave open. */
#ifndef SMALL_MIX_H
#define SMALL_MIX_H

/* begin save_fl irq_disable RDTSC irq_enable save_fl ... end; gaps of 3, 0, 40, 7, 2, 5. */
static const char small_mix[] =
"{\"format\":\"parapatch-mix/1\",\n"
"\"mix\":\"small\",\n"
"\"kernel\":\"6.1-amd64\",\n"
"\"unit\":\"ten ops\",\n"
"\"units\":2,\n"
"\"instructions\":{\"kernel\":150,\"user\":10,\"site_rest\":9},\n"
"\"ops\":{\"save_fl\":3,\"irq_disable\":3,\"RDTSC\":2,\"irq_enable\":2},\n"
"\"sites\":{\"save_fl\":[2,1],\"irq_disable\":[3]},\n"
"\"sites_n\":{\"save_fl\":2,\"irq_disable\":1},\n"
"\"pairs\":[\n"
"{\"from\":\"begin\",\"to\":\"save_fl\",\"count\":1,\"sum\":3,\"user\":3,\"longest\":3,"
	"\"buckets\":[0,0,1]},\n"
"{\"from\":\"save_fl\",\"to\":\"irq_disable\",\"count\":3,\"sum\":0,\"user\":0,\"longest\":0,"
	"\"buckets\":[3]},\n"
"{\"from\":\"irq_disable\",\"to\":\"RDTSC\",\"count\":2,\"sum\":80,\"user\":0,\"longest\":40,"
	"\"buckets\":[0,0,0,0,0,0,2]},\n"
"{\"from\":\"RDTSC\",\"to\":\"irq_enable\",\"count\":2,\"sum\":14,\"user\":0,\"longest\":7,"
	"\"buckets\":[0,0,0,2]},\n"
"{\"from\":\"irq_enable\",\"to\":\"save_fl\",\"count\":2,\"sum\":4,\"user\":0,\"longest\":2,"
	"\"buckets\":[0,0,2]},\n"
"{\"from\":\"irq_disable\",\"to\":\"end\",\"count\":1,\"sum\":40,\"user\":0,\"longest\":40,"
	"\"buckets\":[0,0,0,0,0,0,1]}\n"
"]}\n";

#endif
