// Svelte reads TypeScript itself; nothing has to be changed.
export default {};
