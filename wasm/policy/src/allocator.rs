//! Memory that is handed out once and never taken back: a call ends before it fills.
//!
//! Hosts make a fresh instance for each request, and [`start_over`] gives back everything at the next call where they do
//! not. It saves the general allocator, and with it every function that frees something.

#![allow(unsafe_code, reason = "an allocator hands out addresses")]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;

/// Bytes of a page of WebAssembly's memory.
///
/// Source: WebAssembly Core Specification 2.0, "Memory Instances".
const PAGE: usize = 64 << 10;

struct Bump {
    /// Where free memory begins; 0 before the first call.
    next: Cell<usize>,
}

#[global_allocator]
static MEMORY: Bump = Bump { next: Cell::new(0) };

// SAFETY: a module without threads runs one call at a time.
unsafe impl Sync for Bump {}

unsafe extern "C" {
    /// The first address behind data and stack; the linker sets it.
    static __heap_base: u8;
}

/// Gives back everything that was handed out.
pub(crate) fn start_over() {
    MEMORY.next.set(0);
}

// SAFETY: each piece of memory is handed out once between two calls of `start_over`, which comes before anything of a
// call is allocated; pieces are within the memory, which is grown first.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let mut start = self.next.get();
        if start == 0 {
            start = (&raw const __heap_base).addr();
        }
        let start = start.next_multiple_of(layout.align());
        let Some(end) = start.checked_add(layout.size()) else { return core::ptr::null_mut() };
        let pages = core::arch::wasm32::memory_size::<0>();
        let missing = end.div_ceil(PAGE).saturating_sub(pages);
        if missing > 0 && core::arch::wasm32::memory_grow::<0>(missing) == usize::MAX {
            return core::ptr::null_mut();
        }
        self.next.set(end);
        core::ptr::with_exposed_provenance_mut(start)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // The last piece grows where it stands: most lists and texts are built one after the other.
        if old.addr() + layout.size() == self.next.get() && size > layout.size() {
            let more = Layout::from_size_align(size - layout.size(), 1);
            // SAFETY: the bytes behind the last piece are free.
            return match more {
                Ok(more) if !unsafe { self.alloc(more) }.is_null() => old,
                _ => core::ptr::null_mut(),
            };
        }
        let Ok(wanted) = Layout::from_size_align(size, layout.align()) else { return core::ptr::null_mut() };
        // SAFETY: the new piece does not overlap the old one, and both have as many bytes as are copied.
        unsafe {
            let new = self.alloc(wanted);
            if !new.is_null() {
                core::ptr::copy_nonoverlapping(old, new, layout.size().min(size));
            }
            new
        }
    }
}
