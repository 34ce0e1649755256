//! Random order, the same on every machine and for ever.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The numbers from 0 to `count - 1` in an order that depends on `seed` and `round` only: so the whole state of a
/// generator is a count.
///
/// ChaCha with a stream a round, then the shuffle of Fisher and Yates (Knuth, The Art of Computer Programming, volume 2,
/// algorithm 3.4.2P), written out here so that no other version of a crate changes the order.
pub(crate) fn shuffled(count: usize, seed: u64, round: u64) -> Vec<usize> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(round);
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        order.swap(last, below(&mut random, last as u64 + 1) as usize);
    }
    order
}

/// A number below `count`, each as likely as the others (Lemire, Fast Random Integer Generation in an Interval, 2019).
fn below(random: &mut ChaCha8Rng, count: u64) -> u64 {
    loop {
        let product = u128::from(random.next_u64()) * u128::from(count);
        let (high, low) = ((product >> 64) as u64, product as u64);
        if low >= count || low >= count.wrapping_neg() % count {
            return high;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_has_every_number_and_depends_on_seed_and_round() {
        let order = shuffled(1000, 7, 3);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..1000).collect::<Vec<_>>());
        assert_eq!(order, shuffled(1000, 7, 3));
        assert_ne!(order, shuffled(1000, 7, 4));
        assert_ne!(order, shuffled(1000, 8, 3));
        assert_eq!((shuffled(0, 1, 1), shuffled(1, 1, 1)), (vec![], vec![0]));
    }

    #[test]
    fn every_order_is_as_likely_as_the_others() {
        let mut counts = std::collections::BTreeMap::new();
        for round in 0..6000 {
            *counts.entry(shuffled(3, 1, round)).or_insert(0u32) += 1;
        }
        assert_eq!(counts.len(), 6);
        // Five standard deviations of a count of 1000.
        assert!(
            counts.values().all(|&n| (850..1150).contains(&n)),
            "{counts:?}"
        );
    }
}
