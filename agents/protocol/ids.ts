import { z } from "zod";

/** Ids are lower-case letters and digits, start with a letter and fit a DNS label: they appear in host names, bridge names and labels. */
export const Id = z.string().regex(/^[a-z][a-z0-9]{4,20}$/, "This is not an id: write one as lists show it.");

/** A DNS label: lower-case letters, digits and inner hyphens, at most 40 characters. */
export const Label = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
    "Use at most 40 lower-case letters, digits and hyphens; start with a letter and end with a letter or digit.",
  );

/** A dotted IPv4 address. */
export const Ipv4 = z.ipv4("Write an IPv4 address, for example 10.1.2.3.");

/** An IPv4 subnet such as 10.35.219.0/24. */
export const Cidr = z.cidrv4("Write a subnet as its first address and its bits, for example 10.1.2.0/24.");

/** A single line of printable text: what a serializer may write into a configuration file. */
export const Line = z
  .string()
  .max(1000)
  .regex(/^\P{Cc}*$/u, "must be one line");

/** A TCP port. */
export const Port = z.number().int().min(1).max(65535);
