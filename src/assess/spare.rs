//! Ground: memory of lists that are done with, for the next ones: to come by it costs as much as to fill it.

use std::cell::RefCell;

/// Emptied lists of one kind of things. `T` is that kind for ever; what is in a list for a while may live shorter.
pub(super) struct Spare<T>(RefCell<Vec<Vec<T>>>);

impl<T> Spare<T> {
    /// More lists than these are not needed at once.
    const MOST_LISTS: usize = 64;
    /// Longer lists are few, and their memory is better given back.
    const LONGEST: usize = 64;

    pub(super) const fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    /// An empty list, in the memory of one of before where there is any.
    pub(super) fn list<U>(&self) -> Vec<U> {
        self.0.borrow_mut().pop().map_or_else(Vec::new, emptied)
    }

    /// Keeps the memory of a list.
    pub(super) fn keep<U>(&self, list: Vec<U>) {
        let mut lists = self.0.borrow_mut();
        if (1..=Self::LONGEST).contains(&list.capacity()) && lists.len() < Self::MOST_LISTS {
            lists.push(emptied(list));
        }
    }
}

/// The list without what is in it, for things that live shorter or longer. Collecting what a list turns into takes
/// place in the memory of that list where the sizes are the same; else nothing is gained, and nothing lost.
fn emptied<T, U>(mut list: Vec<T>) -> Vec<U> {
    list.clear();
    list.into_iter().map(|_| unreachable!("the list is empty")).collect()
}
