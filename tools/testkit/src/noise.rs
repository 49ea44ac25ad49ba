//! Numbers and words from a seed (splitmix64): the same tree on every machine.

/// An endless stream that its seed alone decides.
#[derive(Debug, Clone)]
pub struct Noise {
    state: u64,
}

impl Noise {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end` (0 when `end` is 0).
    pub fn below(&mut self, end: u64) -> u64 {
        self.word() % end.max(1)
    }

    /// As many random bytes.
    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        for chunk in bytes.chunks_mut(8) {
            let word = self.word().to_le_bytes();
            chunk.copy_from_slice(word.get(..chunk.len()).unwrap_or(&word));
        }
        bytes
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let index = usize::try_from(self.below(of.len() as u64)).unwrap_or(0);
        of.get(index)
            .expect("the index is below the length, and no list here is empty")
    }

    /// French sentences of at least `length` bytes.
    pub fn prose(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length + 80);
        while text.len() < length {
            let sentence: &&str = self.pick(SENTENCES);
            text.push_str(sentence);
            text.push_str(if self.below(5) == 0 { "\n\n" } else { " " });
        }
        text
    }
}

const SENTENCES: &[&str] = &[
    "Je vous remercie de m'avoir adressé ce patient pour avis.",
    "L'examen clinique est sans particularité ce jour.",
    "La tension artérielle est mesurée à 130/80 mmHg au repos.",
    "Le bilan biologique montre une créatinine stable.",
    "Poursuite du traitement en cours, contrôle dans trois mois.",
    "La radiographie ne montre pas de foyer évolutif.",
    "Pas d'allergie médicamenteuse connue à ce jour.",
    "Une échographie de contrôle est prévue en février.",
    "Le carnet de vaccination a été vérifié et complété.",
    "Antécédents : appendicectomie, entorse de la cheville droite.",
    "Bien confraternellement.",
    "Ordonnance renouvelée pour vingt-huit jours.",
];
