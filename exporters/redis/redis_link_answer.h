/* redis_link_answer.h -- what a server says, and what that means for the connection and its owner. */
#pragma once

struct redis_link;

/* Take all answers that are whole. The connection may be lost after it. */
void redis_link_answers_take(struct redis_link *l);

/* Settle the marks that nothing is before. What the owner marks meanwhile has its turn later. */
void redis_link_marks_reach(struct redis_link *l);
