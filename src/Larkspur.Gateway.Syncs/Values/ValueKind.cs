namespace Larkspur.Gateway.Syncs.Values;

/// <summary>What a synchronised value is. Each kind has one canonical text (<see cref="Canonical"/>), and only that is compared, hashed and
/// kept.</summary>
internal enum ValueKind
{
    /// <summary>Text; line breaks are <c>\n</c>, an empty text is no value.</summary>
    Text,

    /// <summary>A number that a double holds: its shortest decimal form.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>; no value is false, because the table's checkbox knows no third state.</summary>
    Boolean,

    /// <summary>An instant, in UTC to the millisecond.</summary>
    Instant,

    /// <summary>A day without a time and without a zone.</summary>
    Date,

    /// <summary>The name of one option.</summary>
    Choice,

    /// <summary>Names of options: a JSON array, sorted, each once.</summary>
    Choices,

    /// <summary>People, as the mapping names them: a JSON array, sorted, each once.</summary>
    People,

    /// <summary>The address of a link; its label is the table's own.</summary>
    Link,
}

/// <summary>Words of kinds, as files and answers say them.</summary>
internal static class ValueKinds
{
    /// <summary>Several values whose order means nothing: two sides add and remove without getting into each other's way.</summary>
    public static bool IsSet(this ValueKind kind) => kind is ValueKind.Choices or ValueKind.People;

    public static string Word(this ValueKind kind) => kind.ToString().ToLowerInvariant();
}
