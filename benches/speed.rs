//! The steps from text to derivative on 200 medium expressions, together and apart, and evaluation against formulas
//! written in Rust by hand. `cargo bench --bench speed`

mod common;

use common::{expressions, partials, read, together};
use divan::{Bencher, black_box};
use gradus::expr::{Arena, Id};
use gradus::simplify::simplify_all;
use gradus::syntax::print;

fn main() {
    divan::main();
}

/// Parse, differentiate by three variables, simplify, print.
#[divan::bench]
fn medium_together(bencher: Bencher) {
    let texts = expressions();
    bencher.bench(|| texts.iter().map(|text| together(text)).sum::<usize>());
}

/// A pass over the same bytes that does nothing but tell letters from digits: as fast as reading can be.
#[divan::bench]
fn medium_1_scan_of_bytes(bencher: Bencher) {
    let texts = expressions();
    let scan = |text: &String| {
        let classes = text.bytes().map(|b| match b {
            b'a'..=b'z' => 3,
            b'0'..=b'9' => 2,
            b' ' => 0,
            _ => 1usize,
        });
        classes.sum::<usize>()
    };
    bencher.bench(|| black_box(&texts).iter().map(scan).sum::<usize>());
}

#[divan::bench]
fn medium_2_parse(bencher: Bencher) {
    let texts = expressions();
    bencher.bench(|| texts.iter().map(|text| read(text).0.len()).sum::<usize>());
}

#[divan::bench]
fn medium_3_three_partials(bencher: Bencher) {
    let graphs: Vec<(Arena, Id)> = expressions().iter().map(|text| read(text)).collect();
    bencher
        .with_inputs(|| graphs.clone())
        .bench_values(|mut graphs| {
            for (arena, root) in &mut graphs {
                black_box(partials(arena, *root));
            }
            graphs
        });
}

fn derived() -> Vec<(Arena, Vec<Id>)> {
    let derive = |text: &String| {
        let (mut arena, root) = read(text);
        let slopes = partials(&mut arena, root);
        (arena, slopes)
    };
    expressions().iter().map(derive).collect()
}

#[divan::bench]
fn medium_4_simplify(bencher: Bencher) {
    let graphs = derived();
    bencher
        .with_inputs(|| graphs.clone())
        .bench_values(|mut graphs| {
            for (arena, slopes) in &mut graphs {
                black_box(simplify_all(arena, slopes));
            }
            graphs
        });
}

#[divan::bench]
fn medium_5_print(bencher: Bencher) {
    let mut graphs = derived();
    for (arena, slopes) in &mut graphs {
        let simple = simplify_all(arena, slopes);
        *slopes = simple.iter().map(|s| s.id).collect();
    }
    bencher.bench(|| {
        let mut bytes = 0;
        for (arena, slopes) in &graphs {
            for &slope in slopes {
                bytes += print::text(arena, slope).expect("a short text").len();
            }
        }
        bytes
    });
}
