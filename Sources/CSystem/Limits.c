// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "CSystem.h"

#include <link.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/// The limit of descriptors before it was raised; UINT64_MAX while it is as it was.
static _Atomic uint64_t original_descriptor_limit = UINT64_MAX;

uint64_t csys_original_descriptor_limit(void) { return atomic_load(&original_descriptor_limit); }

int64_t csys_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -1;
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    if (before != limit.rlim_max) {
        if (setrlimit(RLIMIT_NOFILE, &limit) == 0) {
            atomic_store(&original_descriptor_limit, before);
        } else {
            limit.rlim_cur = before;
        }
    }
    return limit.rlim_cur > INT64_MAX ? INT64_MAX : (int64_t)limit.rlim_cur;
}

/// The numbers of pages in /proc/self/statm: the first of them and the sixth, which are all memory and all data.
static bool used_memory(uint64_t *all, uint64_t *data) {
    unsigned long long first, sixth;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file) return false;
    int count = fscanf(file, "%llu %*u %*u %*u %*u %llu", &first, &sixth);
    fclose(file);
    if (count != 2) return false;
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    *all = first * page;
    *data = sixth * page;
    return true;
}

static uint64_t room_below(int resource, uint64_t used) {
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)resource, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY) return UINT64_MAX;
    return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

bool csys_memory_room(csys_memory *memory) {
    pthread_attr_t attributes;
    size_t stack = 8 << 20;
    uint64_t all, data;
    if (!used_memory(&all, &data)) return false;
    if (pthread_attr_init(&attributes) == 0) {
        pthread_attr_getstacksize(&attributes, &stack);
        pthread_attr_destroy(&attributes);
    }
    *memory = (csys_memory){
        .address_space = room_below(RLIMIT_AS, all), .address_space_used = all, .data = room_below(RLIMIT_DATA, data),
        .data_used = data, .thread_stack = stack};
    return true;
}

uint64_t csys_stack_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_STACK, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY) return UINT64_MAX;
    return limit.rlim_cur;
}

void csys_share_heap(void) { mallopt(M_ARENA_MAX, 1); }

void csys_keep_heap(size_t bytes, size_t largest) {
    mallopt(M_TRIM_THRESHOLD, (int)bytes);
    mallopt(M_MMAP_THRESHOLD, (int)largest);
}

void csys_trim_heap(void) { malloc_trim(0); }

/// Whole pages alone: the next segment may begin within the last one.
static int release_segments(struct dl_phdr_info *object, size_t size, void *data) {
    (void)size;
    (void)data;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W) != 0) continue;
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr + page - 1) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_memsz) & ~(page - 1);
        if (start < end) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void csys_release_code(void) { dl_iterate_phdr(release_segments, NULL); }
