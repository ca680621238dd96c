namespace Larkspur.Cli.Calls;

/// <summary>Exit codes of all verbs.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>It was understood and does not go: refused, not found, unhealthy, a card with errors.</summary>
    public const int Refused = 1;

    /// <summary>The command line, or a file that it names.</summary>
    public const int Usage = 2;

    /// <summary>Nobody to ask, wrong key, or no answer in time: the same may go later.</summary>
    public const int NoAnswer = 3;

    /// <summary>Ctrl+C, as shells have it.</summary>
    public const int Interrupted = 130;
}

/// <summary>A verb that came to nothing, in a sentence, with the exit code that says it to scripts.</summary>
internal sealed class CallFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>The gateway's word for it; null: it said none.</summary>
    public string? Word { get; init; }

    /// <summary>Where the request is wrong, as a JSON pointer into its body; null: no single place.</summary>
    public string? Pointer { get; init; }

    /// <summary>What is wrong there, alone.</summary>
    public string? Sentence { get; init; }

    /// <summary>Another try a moment later may succeed: there was no answer, and it was not the key.</summary>
    public bool MayPass { get; init; }
}
