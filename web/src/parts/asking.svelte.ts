/** What a page asks the server again and again: the newest answer, or why there is none. */
export class Asking<T> {
    answer: T | undefined = $state.raw();
    error: unknown = $state.raw();
    isBusy = $state(false);
    private turn = 0;

    /** Ask; an answer to what was asked before is dropped when it comes late. */
    async ask(work: () => Promise<T>): Promise<void> {
        this.turn += 1;
        const mine = this.turn;
        this.error = undefined;
        this.isBusy = true;
        try {
            const found = await work();
            if (mine === this.turn) this.answer = found;
        } catch (thrown) {
            if (mine === this.turn) this.error = thrown;
        }
        if (mine === this.turn) this.isBusy = false;
    }
}
