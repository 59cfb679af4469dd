/** Put text where the user can paste it from; without https browsers give no clipboard. */
export async function copyText(text: string, field?: HTMLInputElement): Promise<boolean> {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        // Then the text is ready to be copied by hand.
        if (field) {
            field.value = text;
            field.select();
        }
        return false;
    }
}
