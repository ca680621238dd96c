namespace Larkspur;

/// <summary>A callback's ciphertext cannot be taken. The text says no secret and nothing of the content.</summary>
public sealed class CallbackCipherException(CallbackCipherProblem problem, string message) : Exception(message)
{
    /// <summary>What is wrong.</summary>
    public CallbackCipherProblem Problem { get; } = problem;
}

/// <summary>What is wrong with a ciphertext.</summary>
public enum CallbackCipherProblem
{
    /// <summary>Made with another key, cut, or changed.</summary>
    Damaged,

    /// <summary>Made with this key for another receiver.</summary>
    ForSomebodyElse,
}
