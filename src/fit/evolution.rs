//! Good places from many poor ones: differential evolution.
//!
//! Each member of a population is tried against a mixture of itself and of differences of others (Storn and Price,
//! Differential evolution, J. Global Optimization 1997), half of the time drawn towards the best (Zhang and Sanderson, JADE,
//! IEEE Trans. Evolutionary Computation 2009). How far and how much is drawn anew each time: few parameters at once where
//! they do not interact, such as the places of peaks, all of them where they do.

use super::start::Random;

/// Members for each coordinate that moves.
const MEMBERS_EACH: usize = 10;

/// ... but so many at least, and at most.
const MEMBERS: (usize, usize) = (20, 80);

/// Every member is tried so often.
const GENERATIONS: usize = 40;

/// It is over when the worst member is worse than the best by this part.
const ALIKE: f64 = 1e-3;

/// The part of the population that is drawn towards.
const LEADERS: usize = 5;

/// A place and its value.
pub(super) type Member = (f64, Vec<f64>);

/// Improves the places given, best first, in the coordinates named; gives them best first. `value` may change a place, in
/// other coordinates or to keep bounds, and has none where there is no value.
pub(super) fn evolve(
    mut members: Vec<Member>,
    moving: &[usize],
    random: &mut Random,
    value: &mut dyn FnMut(Vec<f64>, &mut Random) -> Option<Member>,
) -> Vec<Member> {
    members.truncate((MEMBERS_EACH * moving.len()).clamp(MEMBERS.0, MEMBERS.1));
    let count = members.len();
    if count < 4 || moving.is_empty() {
        return members;
    }
    for _ in 0..GENERATIONS {
        let worst = members[count - 1].0;
        if worst <= members[0].0 * (1.0 + ALIKE) {
            break;
        }
        for k in 0..count {
            let place = mixture(&members, k, moving, random);
            if let Some(new) = value(place, random)
                && new.0 <= members[k].0
            {
                members[k] = new;
            }
        }
        members.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    members
}

/// Member `k` with some coordinates moved by a difference of two others.
fn mixture(members: &[Member], k: usize, moving: &[usize], random: &mut Random) -> Vec<f64> {
    let mut one = |count: usize| (random.unit() * count as f64) as usize % count;
    let (a, b, c) = (one(members.len()), one(members.len()), one(members.len()));
    let leader = one(members.len().div_ceil(LEADERS));
    let kept = one(moving.len());
    let factor = 0.4 + 0.6 * random.unit();
    let crossing = random.unit();
    let towards_leader = random.unit() < 0.5;
    let mut place = members[k].1.clone();
    for (at, &x) in moving.iter().enumerate() {
        if at != kept && random.unit() >= crossing {
            continue;
        }
        let difference = factor * (members[b].1[x] - members[c].1[x]);
        place[x] = difference
            + match towards_leader {
                true => place[x] + factor * (members[leader].1[x] - place[x]),
                false => members[a].1[x],
            };
    }
    place
}
