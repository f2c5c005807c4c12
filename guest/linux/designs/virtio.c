/* SPDX-License-Identifier: BSD-2-Clause */
/* The bus, the queues and the scatter lists of one virtio device (virtio.h), between Linux's own driver and the host's side. */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>

#include "guest/linux/designs/virtio.h"
#include "guest/linux/kern/runtime.h"

#define NR_QUEUES   8
#define NR_BUFFERS  4
#define NR_PIECES   4
#define QUEUE_PARTS 256 /* what a real ring of the kind has */

struct buffer {
	void *data;
	struct scatterlist *pieces[NR_PIECES];
	unsigned int count;
	u32 written;
};

struct queue {
	struct virtqueue vq;
	struct buffer buffers[NR_BUFFERS];
	unsigned int added, answered, taken; /* ever */
};

static struct queue queues[NR_QUEUES];
static struct virtio_driver *driver;
static u8 status;

/* --- the configuration --- */

static void get(struct virtio_device *device, unsigned int offset, void *to, unsigned int bytes)
{
	BUG_ON(offset + bytes > virtio_model.config_bytes);
	memcpy(to, virtio_model.config + offset, bytes);
}

static void set(struct virtio_device *device, unsigned int offset, const void *from,
		unsigned int bytes)
{
	BUG_ON(offset + bytes > virtio_model.config_bytes);
	memcpy(virtio_model.config + offset, from, bytes);
	virtio_model.written(offset);
}

static u8 get_status(struct virtio_device *device)
{
	return status;
}

static void set_status(struct virtio_device *device, u8 to)
{
	status = to;
}

static int find_vqs(struct virtio_device *device, unsigned int count, struct virtqueue *vqs[],
		    vq_callback_t *callbacks[], const char *const names[], const bool *context,
		    struct irq_affinity *affinity)
{
	BUG_ON(count > NR_QUEUES);
	for (unsigned int i = 0; i < count; i++) {
		queues[i].vq = (struct virtqueue){
			.callback = callbacks[i],
			.name = names[i],
			.vdev = device,
			.index = i,
			.num_free = NR_BUFFERS,
			.num_max = QUEUE_PARTS,
		};
		vqs[i] = names[i] ? &queues[i].vq : NULL;
	}
	return 0;
}

static void del_vqs(struct virtio_device *device)
{
}

static const struct virtio_config_ops ops = {
	.get = get,
	.set = set,
	.get_status = get_status,
	.set_status = set_status,
	.find_vqs = find_vqs,
	.del_vqs = del_vqs,
};

static struct virtio_device device = {.config = &ops, .dev.init_name = "virtio0"};

/* --- the bus --- */

int register_virtio_driver(struct virtio_driver *new)
{
	int error;

	for (unsigned int i = 0; i < new->feature_table_size; i++)
		device.features |= virtio_model.features & BIT_ULL(new->feature_table[i]);
	device.id.device = virtio_model.id;
	error = new->validate ? new->validate(&device) : 0;
	if (!error)
		error = new->probe(&device);
	if (!error)
		driver = new;
	return error;
}

void unregister_virtio_driver(struct virtio_driver *old)
{
}

void virtio_changed(void)
{
	if (driver)
		driver->config_changed(&device);
}

void virtio_check_driver_offered_feature(const struct virtio_device *dev, unsigned int bit)
{
}

void virtio_reset_device(struct virtio_device *dev)
{
}

/* --- queues --- */

static int add(struct virtqueue *vq, struct scatterlist **pieces, unsigned int count, void *data)
{
	struct queue *queue = container_of(vq, struct queue, vq);
	struct buffer *buffer = &queue->buffers[queue->added % NR_BUFFERS];

	if (queue->added - queue->taken == NR_BUFFERS)
		return -ENOSPC;
	BUG_ON(count > NR_PIECES);
	*buffer = (struct buffer){.data = data, .count = count};
	memcpy(buffer->pieces, pieces, count * sizeof(*pieces));
	queue->added++;
	return 0;
}

int virtqueue_add_outbuf(struct virtqueue *vq, struct scatterlist *sg, unsigned int count,
			 void *data, gfp_t flags)
{
	return add(vq, &sg, 1, data);
}

int virtqueue_add_inbuf(struct virtqueue *vq, struct scatterlist *sg, unsigned int count,
			void *data, gfp_t flags)
{
	return add(vq, &sg, 1, data);
}

int virtqueue_add_sgs(struct virtqueue *vq, struct scatterlist **sgs, unsigned int out,
		      unsigned int in, void *data, gfp_t flags)
{
	return add(vq, sgs, out + in, data);
}

bool virtqueue_kick(struct virtqueue *vq)
{
	struct queue *queue = container_of(vq, struct queue, vq);

	while (queue->answered != queue->added) {
		struct buffer *buffer = &queue->buffers[queue->answered % NR_BUFFERS];

		buffer->written = virtio_model.answer(vq->index, buffer->pieces, buffer->count);
		queue->answered++;
	}
	if (vq->callback)
		vq->callback(vq);
	return true;
}

void *virtqueue_get_buf(struct virtqueue *vq, unsigned int *bytes)
{
	struct queue *queue = container_of(vq, struct queue, vq);
	struct buffer *buffer = &queue->buffers[queue->taken % NR_BUFFERS];

	if (queue->taken == queue->answered)
		return NULL;
	queue->taken++;
	*bytes = buffer->written;
	return buffer->data;
}

unsigned int virtqueue_get_vring_size(struct virtqueue *vq)
{
	return vq->num_max;
}

/* --- scatter lists in one piece of memory --- */

void sg_init_table(struct scatterlist *list, unsigned int count)
{
	memset(list, 0, sizeof(*list) * count);
	sg_init_marker(list, count);
}

void sg_init_one(struct scatterlist *list, const void *data, unsigned int bytes)
{
	sg_init_table(list, 1);
	sg_set_buf(list, data, bytes);
}

struct scatterlist *sg_next(struct scatterlist *list)
{
	return sg_is_last(list) ? NULL : list + 1;
}

/* --- what else these drivers call --- */

void _dev_info(const struct device *dev, const char *format, ...)
{
	const size_t bytes = strlen(format);
	struct va_format text = {.fmt = format};
	va_list arguments;

	va_start(arguments, format);
	text.va = &arguments;
	printk("virtio0: %pV%s", &text, bytes != 0 && format[bytes - 1] == '\n' ? "" : "\n");
	va_end(arguments);
}

void _dev_warn(const struct device *dev, const char *format, ...) __alias(_dev_info);

char *kstrdup(const char *text, gfp_t flags)
{
	const size_t bytes = strlen(text) + 1;
	char *copy = kmalloc(bytes, flags);

	return copy ? memcpy(copy, text, bytes) : NULL;
}

const char *kstrdup_const(const char *text, gfp_t flags)
{
	return kstrdup(text, flags);
}

void kfree_const(const void *text)
{
	kfree(text);
}

void *vzalloc(unsigned long bytes)
{
	return kzalloc(bytes, GFP_KERNEL);
}

void vfree(const void *memory)
{
	kfree(memory);
}

/* One CPU: nobody looks at pages meanwhile. */
void page_offline_begin(void)
{
}

void page_offline_end(void)
{
}

/* Ranges of pages that a driver takes and gives: its calls have these names, and the harness is told. */
int ballast_alloc_contig_range(unsigned long pfn, unsigned long end, unsigned int type,
			       gfp_t flags);
int ballast_alloc_contig_range(unsigned long pfn, unsigned long end, unsigned int type, gfp_t flags)
{
	const unsigned long begun = vain_begin();
	const int error = alloc_contig_range(pfn, end, type, flags);

	vain_end(begun, error);
	if (!error)
		pages_note(false, pfn, end - pfn);
	return error;
}

void ballast_free_contig_range(unsigned long pfn, unsigned long pages);
void ballast_free_contig_range(unsigned long pfn, unsigned long pages)
{
	pages_note(true, pfn, pages);
	free_contig_range(pfn, pages);
}

void unlock_page(struct page *page)
{
	BUG_ON(!test_and_clear_bit(PG_locked, &page->flags)); /* nobody ever waits for one */
}

/* The last reference to a page that was no list's. */
void __folio_put(struct folio *folio)
{
	pages_put(folio_page(folio, 0));
}
