/* service_name.h -- one name for a conversation that carries several protocols. */
#pragma once

/*
 * Which of a conversation's services (struct obs_flow) it is known by: where log-ins and calls travel inside
 * one, that one; else the last, for the sake of which the others were there ("smtp,ssl": "ssl").
 *
 * returns  a text within `services`, or of static storage
 */
const char *service_name(const char *services);
