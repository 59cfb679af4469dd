/** The server's API as this app asks it: typed by the committed description, refusals as errors. */
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Job = Schemas["Job"];
export type Import = Schemas["Import"];
export type ListedGame = Schemas["ListedGame"];

export const api = createClient<paths>();

/** The server said no, in words for the user. */
export class Refused extends Error {
    constructor(
        readonly status: number,
        readonly kind: string,
        detail: string,
    ) {
        super(detail);
    }
}

/** The server could not be reached at all. */
export class Unreachable extends Error {}

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** Wait for an answer and give what is in it. Throws Refused or Unreachable. */
export async function ask<T>(asked: Promise<Answer<T>>): Promise<T> {
    let answer: Answer<T>;
    try {
        answer = await asked;
    } catch (error) {
        throw new Unreachable(String(error));
    }
    if (answer.response.ok) return answer.data as T;
    throw refusal(answer.response.status, answer.error);
}

function refusal(status: number, body: unknown): Refused {
    const problem = (body ?? {}) as Partial<Schemas["ProblemBody"]>;
    return new Refused(status, problem.type ?? "", problem.detail ?? `HTTP ${status}`);
}

/** Upload a file with games as it is. */
export async function uploadGames(file: File): Promise<Import> {
    return ask(
        api.POST("/api/v1/imports", {
            params: { query: { name: file.name.slice(0, 200) } },
            body: file as unknown as string,
            bodySerializer: (body: unknown) => body as BodyInit,
            headers: { "Content-Type": "application/octet-stream" },
        }),
    );
}
