using System.Collections.Immutable;

namespace Streaming.Contracts.Events;

/// <summary>Why an event became a dead letter. Codes are data that others filter by: they never change their meaning.</summary>
public static class DeadLetterReason
{
    /// <summary>The record has no value, or fewer bytes than the wire format's head.</summary>
    public const string Empty = "empty";

    /// <summary>The first byte is not the wire format's 0.</summary>
    public const string BadMagic = "bad_magic";

    /// <summary>The registry answered that it has no schema of this id.</summary>
    public const string UnknownSchema = "unknown_schema";

    /// <summary>The writer's schema cannot be resolved to the reader's.</summary>
    public const string IncompatibleSchema = "incompatible_schema";

    /// <summary>The bytes are not what the writer's schema says.</summary>
    public const string Malformed = "malformed";

    /// <summary>A field that every event must have, and that holds an entity key or another id, is empty.</summary>
    public const string NoKey = "no_key";

    /// <summary>The field that holds the event time is null.</summary>
    public const string NoTime = "no_time";

    /// <summary>The record has no timestamp, so nothing bounds its event time.</summary>
    public const string NoTimestamp = "no_timestamp";

    /// <summary>An entity that it feeds fails on it every time.</summary>
    public const string Poison = "poison";

    /// <summary>Something failed on it or on its schema that no other reason covers; the detail has the exception's text.</summary>
    public const string Unexpected = "unexpected";

    /// <summary>A field that holds an entity key or another id is longer than one may be.</summary>
    public const string KeyTooLong = "key_too_long";

    /// <summary>A field that holds an entity key or another id has a NUL or a byte order mark in it, or only blanks.</summary>
    public const string BadKey = "bad_key";

    /// <summary>The event time is further after the record's own timestamp than the engine tolerates.</summary>
    public const string Future = "future";

    /// <summary>
    /// A number is missing that every event needs, or a number is infinite or beyond 2^53; or a time is before 1900, after 9999 or in
    /// seconds.
    /// </summary>
    public const string OutOfRange = "out_of_range";

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        Empty, BadMagic, UnknownSchema, IncompatibleSchema, Malformed, NoKey, NoTime, NoTimestamp, Poison, Unexpected, KeyTooLong, BadKey,
        Future, OutOfRange,
    ];
}
