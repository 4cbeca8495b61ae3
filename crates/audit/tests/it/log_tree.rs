//! The tree's arithmetic against published vectors and against the RFC's own definition.

use std::convert::Infallible;

use datawave_audit::log::edge::Edge;
use datawave_audit::log::layout::Tile;
use datawave_audit::log::merkle::{leaf_hash, root_of};
use datawave_audit::log::proof::{consistency, inclusion, proves_consistency, proves_inclusion};
use datawave_audit::log::{Entry, Hash};
use datawave_core::digest::{hex, unhex};
use proptest::prelude::*;

use crate::log_oracle::{mth, path, proof};

/// Leaves and roots of the reference implementation of certificate transparency, by number of leaves.
const VECTORS: [(&str, &str); 8] = [
    (
        "",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    ),
    (
        "00",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    ),
    (
        "10",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    ),
    (
        "2021",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (
        "3031",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    ),
    (
        "40414243",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    ),
    (
        "5051525354555657",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    ),
    (
        "606162636465666768696a6b6c6d6e6f",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ),
];

fn leaves(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|n| format!("leaf {n}").into_bytes()).collect()
}

fn edge_of(leaves: &[Vec<u8>]) -> Edge {
    let mut edge = Edge::default();
    leaves
        .iter()
        .for_each(|leaf| edge.push(leaf_hash(leaf), &mut |_, _| {}));
    edge
}

/// Hashes of complete subtrees, straight from the leaves.
fn nodes(leaves: &[Vec<u8>]) -> impl FnMut(u32, u64) -> Result<Hash, Infallible> {
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
    move |height, index| {
        let first = (index << height) as usize;
        Ok(root_of(&hashes[first..first + (1 << height)]))
    }
}

#[test]
fn roots_are_those_of_the_published_vectors() {
    let mut edge = Edge::default();
    assert_eq!(
        hex(&edge.root()),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    for (leaf, root) in VECTORS {
        edge.push(leaf_hash(&unhex(leaf).unwrap()), &mut |_, _| {});
        assert_eq!(hex(&edge.root()), root);
    }
}

#[test]
fn tiles_of_a_tree_have_the_paths_and_widths_of_the_specification() {
    // The example of the specification: a tree of 70,000 leaves.
    let at = |level, index| Tile::in_tree(level, index, 70_000).map(|tile| tile.path());
    assert_eq!(at(0, 272).unwrap(), "tile/0/272");
    assert_eq!(at(0, 273).unwrap(), "tile/0/273.p/112");
    assert_eq!(at(0, 274), None);
    assert_eq!(at(1, 0).unwrap(), "tile/1/000");
    assert_eq!(at(1, 1).unwrap(), "tile/1/001.p/17");
    assert_eq!(at(2, 0).unwrap(), "tile/2/000.p/1");
    assert_eq!(at(3, 0), None);
    let far = Tile {
        level: 0,
        index: 1_234_067,
        width: 256,
    };
    assert_eq!(far.path(), "tile/0/x001/x234/067");
    assert_eq!(far.entries_path(), "tile/entries/x001/x234/067");
    assert_eq!(Tile::in_tree(0, u64::MAX, u64::MAX), None);
}

#[test]
fn full_tiles_come_out_once_each_with_the_hashes_of_their_subtrees() {
    let leaves = leaves(256 * 256 + 3);
    let mut full = Vec::new();
    let mut edge = Edge::default();
    for leaf in &leaves {
        edge.push(leaf_hash(leaf), &mut |tile, hashes| {
            full.push((tile, hashes.to_vec()))
        });
    }
    assert_eq!(full.len(), 257);
    let (top, hashes) = full.last().unwrap();
    assert_eq!((top.level, top.index, hashes.len()), (1, 0, 256));
    assert_eq!(hashes[7], mth(&leaves[7 * 256..8 * 256]));
    let partials: Vec<_> = edge.partials().map(|(tile, _)| tile.path()).collect();
    assert_eq!(partials, ["tile/0/256.p/3", "tile/2/000.p/1"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_root_is_the_tree_hash_of_the_rfc(count in 0usize..1500) {
        let leaves = leaves(count);
        prop_assert_eq!(edge_of(&leaves).root(), mth(&leaves));
    }

    #[test]
    fn inclusion_proofs_are_those_of_the_rfc_and_prove_only_what_they_prove(
        count in 1usize..700, pick in any::<prop::sample::Index>(), broken in any::<prop::sample::Index>(),
    ) {
        let leaves = leaves(count);
        let index = pick.index(count);
        let found = inclusion(index as u64, count as u64, &mut nodes(&leaves)).unwrap().unwrap();
        prop_assert_eq!(&found, &path(index, &leaves));
        let (leaf, root) = (leaf_hash(&leaves[index]), mth(&leaves));
        let proves = |leaf: &Hash, index: usize, size: usize, path: &[Hash]| {
            proves_inclusion(leaf, index as u64, size as u64, path, &root)
        };
        prop_assert!(proves(&leaf, index, count, &found));
        prop_assert!(!proves(&leaf_hash(b"another"), index, count, &found));
        prop_assert!(!proves(&leaf, count, count, &found));
        if count > 1 {
            prop_assert!(!proves(&leaf, (index + 1) % count, count, &found));
            prop_assert!(!proves(&leaf, index, count, &found[1..]));
            let mut wrong = found.clone();
            wrong[broken.index(found.len())][0] ^= 1;
            prop_assert!(!proves(&leaf, index, count, &wrong));
        }
        let longer = [found, vec![[0; 32]]].concat();
        prop_assert!(!proves(&leaf, index, count, &longer));
    }

    #[test]
    fn consistency_proofs_are_those_of_the_rfc_and_prove_only_what_they_prove(
        new in 2usize..700, pick in any::<prop::sample::Index>(), broken in any::<prop::sample::Index>(),
    ) {
        let leaves = leaves(new);
        let old = 1 + pick.index(new - 1);
        let found = consistency(old as u64, new as u64, &mut nodes(&leaves)).unwrap().unwrap();
        prop_assert_eq!(&found, &proof(old, &leaves));
        let (old_root, new_root) = (mth(&leaves[..old]), mth(&leaves));
        let proves = |old: usize, new: usize, old_root: &Hash, new_root: &Hash, proof: &[Hash]| {
            proves_consistency(old as u64, new as u64, old_root, new_root, proof)
        };
        prop_assert!(proves(old, new, &old_root, &new_root, &found));
        prop_assert!(!proves(old, new, &new_root, &old_root, &found));
        prop_assert!(!proves(new, old, &old_root, &new_root, &found));
        let mut other = leaves.clone();
        other[broken.index(old)] = b"rewritten".to_vec();
        prop_assert!(!proves(old, new, &mth(&other[..old]), &new_root, &found));
        prop_assert!(!proves(old, new, &old_root, &mth(&other), &found));
        let mut wrong = found.clone();
        wrong[broken.index(found.len())][31] ^= 128;
        prop_assert!(!proves(old, new, &old_root, &new_root, &wrong));
        prop_assert!(!proves(old, new, &old_root, &new_root, &found[..found.len() - 1]));
    }

    #[test]
    fn entries_come_back_as_they_were_and_damaged_ones_do_not_pass(
        service in "[a-z][a-z0-9_-]{0,20}", sequence in 1u64.., previous in any::<[u8; 32]>(),
        record in prop::collection::vec(any::<u8>(), 0..300), noise in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let entry = Entry { service, sequence, previous, record };
        let bytes = entry.encode().unwrap();
        prop_assert_eq!(Entry::decode(&bytes), Ok(entry));
        // Whatever decodes is exactly what encoding gives, so no two texts mean the same entry.
        if let Ok(odd) = Entry::decode(&noise) {
            prop_assert_eq!(odd.encode().unwrap(), noise);
        }
    }
}

#[test]
fn there_is_nothing_to_prove_about_the_empty_tree_and_equal_trees() {
    let leaves = leaves(5);
    assert_eq!(
        consistency(0, 5, &mut nodes(&leaves)).unwrap().unwrap(),
        Vec::<Hash>::new()
    );
    assert_eq!(
        consistency(5, 5, &mut nodes(&leaves)).unwrap().unwrap(),
        Vec::<Hash>::new()
    );
    assert_eq!(consistency(6, 5, &mut nodes(&leaves)).unwrap(), None);
    assert_eq!(inclusion(5, 5, &mut nodes(&leaves)).unwrap(), None);
    assert!(proves_consistency(0, 5, &mth(&[]), &mth(&leaves), &[]));
    assert!(!proves_consistency(0, 5, &mth(&leaves), &mth(&leaves), &[]));
    assert!(!proves_consistency(5, 5, &mth(&leaves), &mth(&leaves[..4]), &[]));
}
