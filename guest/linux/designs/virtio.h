/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtio device for one of Linux's own drivers (virtio.c): one device, whose other side, the host's, is a design's file. There is
 * no ring in memory: a buffer that is kicked is answered at once, as a host that is always awake would.
 */
#ifndef LINUX_DESIGNS_VIRTIO_H
#define LINUX_DESIGNS_VIRTIO_H

#include <linux/scatterlist.h>
#include <linux/types.h>

/* The host's side. */
struct virtio_model {
	u32 id;	      /* of the kind of device */
	u64 features; /* that it offers */
	void *config; /* its configuration space */
	size_t config_bytes;
	/* A buffer came over a queue, of so many pieces. Gives the bytes that were written into the last of them. */
	u32 (*answer)(unsigned int queue, struct scatterlist **pieces, unsigned int count);
	void (*written)(unsigned int offset); /* the driver has written into the configuration */
};
extern struct virtio_model virtio_model;

/* The host has changed the configuration: the driver is told. Before the driver is there nothing happens. */
void virtio_changed(void);

#endif
