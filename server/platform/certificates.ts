import type { PartRole } from "../../agents/identity/names.ts";
import { CertificateAnswer, CertificateRequest } from "../hosts/messages.ts";
import type { Part } from "./part.ts";

/**
 * Carries the parts' requests for certificates to the authority and its answers back. Who asks is known by the channel that the request came on:
 * no part can ask in another one's name.
 */
export class CertificateDesk {
  private readonly authority: Pick<Part, "send" | "hear">;
  private readonly waiting = new Map<number, (answer: CertificateAnswer) => void>();
  private last = 0;

  constructor(authority: Pick<Part, "send" | "hear">) {
    this.authority = authority;
    authority.hear((message) => {
      const { data: answer } = CertificateAnswer.safeParse(message);
      if (!answer) return;
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    });
  }

  /** Answers this part's requests from now on, in the name of this role. */
  serve(part: Pick<Part, "send" | "hear">, role: PartRole): void {
    part.hear((message) => {
      const { data: asked } = CertificateRequest.safeParse(message);
      if (!asked) return;
      this.last += 1;
      const id = this.last;
      this.waiting.set(id, (answer) => void part.send(answer));
      if (this.authority.send({ ...asked, id, role })) return;
      this.waiting.delete(id);
      part.send({ kind: "certificate.refused", id, reason: "the authority does not run just now" });
    });
  }
}
