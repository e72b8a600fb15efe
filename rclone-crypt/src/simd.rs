//! Salsa20 on eight blocks in parallel, for x86-64 processors with AVX2. The workspace's only unsafe code.
//!
//! Word `i` of all eight blocks is in one vector, so each round is that of the scalar cipher on eight blocks; a transposition then
//! restores the order of the words. Only memory accesses and the call of the AVX2 functions are unsafe; the call is sound after the
//! check that the processor supports AVX2.
#![expect(unsafe_code, reason = "vector loads and stores, and entering AVX2 code after asking the processor")]

use std::arch::x86_64::{
    __m256i, _mm256_add_epi32, _mm256_loadu_si256, _mm256_permute2x128_si256, _mm256_set1_epi32,
    _mm256_setr_epi32, _mm256_setzero_si256, _mm256_slli_epi32, _mm256_srli_epi32, _mm256_storeu_si256,
    _mm256_unpackhi_epi32, _mm256_unpackhi_epi64, _mm256_unpacklo_epi32, _mm256_unpacklo_epi64,
    _mm256_xor_si256,
};

use zeroize::Zeroizing;

const BLOCK: usize = 64;
const LANES: usize = 8;
const BATCH: usize = LANES * BLOCK;
/// The minimum length in bytes: for shorter data the scalar implementation is faster.
const SHORTEST: usize = 2 * BLOCK;
const CONSTANTS: [u8; 16] = *b"expand 32-byte k";

/// XORs the key stream, from block `counter` on, onto `data`. Returns `false` without any change if this implementation is not
/// applicable.
pub(crate) fn apply(key: &[u8; 32], nonce: [u8; 8], counter: u32, data: &mut [u8]) -> bool {
    // The upper word of the counter must remain zero; one of rclone's blocks advances the counter by 1024.
    let last =
        u32::try_from(data.len().div_ceil(BLOCK)).ok().and_then(|blocks| counter.checked_add(blocks + 7));
    if data.len() < SHORTEST || last.is_none() || !is_x86_feature_detected!("avx2") {
        return false;
    }
    let state = state(key, nonce);
    // SAFETY: the check above shows that the processor supports AVX2.
    unsafe { apply_avx2(&state, counter, data) };
    true
}

/// The sixteen input words of a block with a counter of zero.
fn state(key: &[u8; 32], nonce: [u8; 8]) -> Zeroizing<[u32; 16]> {
    let mut bytes = Zeroizing::new([0; BLOCK]);
    for (from, part) in [
        (0, &CONSTANTS[..4]),
        (4, &key[..16]),
        (20, &CONSTANTS[4..8]),
        (24, &nonce),
        (40, &CONSTANTS[8..12]),
        (44, &key[16..]),
        (60, &CONSTANTS[12..]),
    ] {
        bytes[from..from + part.len()].copy_from_slice(part);
    }
    let mut words = Zeroizing::new([0; 16]);
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    words
}

#[target_feature(enable = "avx2")]
fn apply_avx2(state: &[u32; 16], mut counter: u32, data: &mut [u8]) {
    let (batches, rest) = data.as_chunks_mut::<BATCH>();
    for batch in batches {
        xor_batch(state, counter, batch);
        counter = counter.wrapping_add(8);
    }
    if !rest.is_empty() {
        let mut stream = Zeroizing::new([0; BATCH]);
        xor_batch(state, counter, &mut stream);
        rest.iter_mut().zip(stream.iter()).for_each(|(byte, key)| *byte ^= key);
    }
}

/// XORs the eight blocks from `counter` on.
#[target_feature(enable = "avx2")]
fn xor_batch(state: &[u32; 16], counter: u32, batch: &mut [u8; BATCH]) {
    let mut input = [_mm256_setzero_si256(); 16];
    for (vector, word) in input.iter_mut().zip(state) {
        *vector = _mm256_set1_epi32(word.cast_signed());
    }
    input[8] =
        _mm256_add_epi32(_mm256_set1_epi32(counter.cast_signed()), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    let mut x = input;
    for _ in 0..10 {
        double_round(&mut x);
    }
    for (word, start) in x.iter_mut().zip(input) {
        *word = _mm256_add_epi32(*word, start);
    }
    let [low, high] = [transpose(&x, 0), transpose(&x, 8)];
    let (halves, _) = batch.as_chunks_mut::<32>();
    for (block, (low, high)) in low.into_iter().zip(high).enumerate() {
        xor_half(&mut halves[2 * block], low);
        xor_half(&mut halves[2 * block + 1], high);
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn double_round(x: &mut [__m256i; 16]) {
    quarter_round::<0, 4, 8, 12>(x);
    quarter_round::<5, 9, 13, 1>(x);
    quarter_round::<10, 14, 2, 6>(x);
    quarter_round::<15, 3, 7, 11>(x);
    quarter_round::<0, 1, 2, 3>(x);
    quarter_round::<5, 6, 7, 4>(x);
    quarter_round::<10, 11, 8, 9>(x);
    quarter_round::<15, 12, 13, 14>(x);
}

#[inline]
#[target_feature(enable = "avx2")]
fn quarter_round<const A: usize, const B: usize, const C: usize, const D: usize>(x: &mut [__m256i; 16]) {
    x[B] = mix::<7, 25>(x[B], x[A], x[D]);
    x[C] = mix::<9, 23>(x[C], x[B], x[A]);
    x[D] = mix::<13, 19>(x[D], x[C], x[B]);
    x[A] = mix::<18, 14>(x[A], x[D], x[C]);
}

/// `onto ^ ((a + b) <<< LEFT)`, where `RIGHT` is `32 - LEFT`.
#[inline]
#[target_feature(enable = "avx2")]
fn mix<const LEFT: i32, const RIGHT: i32>(onto: __m256i, a: __m256i, b: __m256i) -> __m256i {
    let sum = _mm256_add_epi32(a, b);
    let left = _mm256_xor_si256(onto, _mm256_slli_epi32::<LEFT>(sum));
    _mm256_xor_si256(left, _mm256_srli_epi32::<RIGHT>(sum))
}

/// Transposes eight words of each block: row `i` holds words `from..from + 8` of block `i`.
#[inline]
#[target_feature(enable = "avx2")]
fn transpose(x: &[__m256i; 16], from: usize) -> [__m256i; LANES] {
    // Pairs of words, then groups of four: `fours[k]` holds those of the blocks `k` and `k + 4`.
    let fours = |from: usize| {
        let low = [0, 2].map(|i| _mm256_unpacklo_epi32(x[from + i], x[from + i + 1]));
        let high = [0, 2].map(|i| _mm256_unpackhi_epi32(x[from + i], x[from + i + 1]));
        [
            _mm256_unpacklo_epi64(low[0], low[1]),
            _mm256_unpackhi_epi64(low[0], low[1]),
            _mm256_unpacklo_epi64(high[0], high[1]),
            _mm256_unpackhi_epi64(high[0], high[1]),
        ]
    };
    let (first, second) = (fours(from), fours(from + 4));
    let mut rows = [_mm256_setzero_si256(); LANES];
    for i in 0..4 {
        rows[i] = _mm256_permute2x128_si256::<0x20>(first[i], second[i]);
        rows[i + 4] = _mm256_permute2x128_si256::<0x31>(first[i], second[i]);
    }
    rows
}

#[inline]
#[target_feature(enable = "avx2")]
#[expect(clippy::cast_ptr_alignment, reason = "the load and the store are unaligned ones")]
fn xor_half(bytes: &mut [u8; 32], key: __m256i) {
    let vector = bytes.as_mut_ptr().cast::<__m256i>();
    // SAFETY: `vector` points to 32 bytes borrowed exclusively by this function; neither access requires alignment.
    unsafe { _mm256_storeu_si256(vector, _mm256_xor_si256(_mm256_loadu_si256(vector), key)) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::salsa::scalar;

    #[test]
    fn agrees_with_the_crate_at_every_length_and_counter() {
        let mut key = [0; 32];
        let mut nonce = [0; 8];
        let mut compared = 0_u32;
        for seed in 0..4_u8 {
            key.iter_mut().zip(seed..).for_each(|(byte, i)| *byte = i.wrapping_mul(151) ^ seed);
            nonce.iter_mut().zip(seed..).for_each(|(byte, i)| *byte = i.wrapping_mul(89) ^ 0xa5);
            for counter in [0, 1, 7, 0x1234_5678, u32::MAX - 64] {
                for len in (0..1100).chain([4096, 65_503, 65_504]) {
                    let start: Vec<u8> = (0..len).map(|i: usize| i.to_le_bytes()[0]).collect();
                    let (mut fast, mut slow) = (start.clone(), start.clone());
                    if apply(&key, nonce, counter, &mut fast) {
                        scalar(&key, nonce, counter, &mut slow);
                        compared += 1;
                    }
                    assert_eq!(fast, slow, "seed {seed}, counter {counter}, {len} bytes");
                }
            }
        }
        assert!(compared > 0 || !is_x86_feature_detected!("avx2"));
        println!("compared {compared} streams with the salsa20 crate's");
    }

    #[test]
    fn leaves_what_the_counter_cannot_hold() {
        let mut data = [0; 1024];
        assert!(!apply(&[1; 32], [2; 8], u32::MAX, &mut data));
        assert_eq!(data, [0; 1024]);
    }
}
