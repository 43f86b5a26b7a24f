import type { Dialog, Interaction } from '../bot/document.ts';

/** Where an interaction stands. */
export interface Place {
  interaction: Interaction;
  dialog: Dialog;
  /** The next enabled interaction of the dialog. */
  next: string | undefined;
}
