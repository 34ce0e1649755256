//! Copies that go around the caches: what is written to memory that nobody reads soon need not be read before.
//!
//! A common store first reads the line of memory that it changes. For columns that are larger than the caches that is a
//! third of the traffic or more.

#![allow(unsafe_code)] // instructions that want addresses

/// Copies numbers of a block, around the caches where the machine has such stores; [`finish`] comes after the last ones.
pub(super) fn copy(from: &[f64], to: &mut [f64]) {
    assert_eq!(from.len(), to.len());
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_mm_loadu_pd, _mm_stream_pd};
        const LINE: usize = 64;
        const WHOLE: usize = LINE / size_of::<f64>();
        // Whole lines only: of a part of one the processor would make a store for each number.
        let start = to.as_ptr().align_offset(LINE).min(to.len());
        let (head, rest) = to.split_at_mut(start);
        let (from_head, from_rest) = from.split_at(start);
        head.copy_from_slice(from_head);
        let (lines, tail) = rest.as_chunks_mut::<WHOLE>();
        let (from_lines, from_tail) = from_rest.as_chunks::<WHOLE>();
        for (line, from) in lines.iter_mut().zip(from_lines) {
            for (two, from) in line
                .as_chunks_mut::<2>()
                .0
                .iter_mut()
                .zip(from.as_chunks::<2>().0)
            {
                // SAFETY: both are two numbers; the target begins at a multiple of 16 bytes, as its line at one of 64.
                unsafe { _mm_stream_pd(two.as_mut_ptr(), _mm_loadu_pd(from.as_ptr())) };
            }
        }
        tail.copy_from_slice(from_tail);
    }
    #[cfg(not(target_arch = "x86_64"))]
    to.copy_from_slice(from);
}

/// What was copied is seen by whoever sees what is written later.
pub(super) fn finish() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every such machine has the instruction, which touches nothing.
    unsafe {
        std::arch::x86_64::_mm_sfence();
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn copies_to_any_place() {
        let from: Vec<f64> = (0..100).map(f64::from).collect();
        for start in 0..9 {
            for count in 0..40 {
                let mut to = vec![-1.0; 60];
                super::copy(&from[count..2 * count], &mut to[start..][..count]);
                super::finish();
                assert_eq!(to[start..][..count], from[count..2 * count]);
                assert!(
                    to[..start]
                        .iter()
                        .chain(&to[start + count..])
                        .all(|&x| x == -1.0)
                );
            }
        }
    }
}
