namespace Larkspur;

/// <summary>A question to a backend.</summary>
/// <param name="Text">What is asked.</param>
/// <param name="User">Who asks: one id per person, the same on every platform. Backends keep conversations apart by it.</param>
public sealed record AssistantQuestion(string Text, string User)
{
    /// <summary>The backend's conversation that this continues; null: a new one.</summary>
    public string? ConversationId { get; init; }

    /// <summary>What was said before, oldest first, for backends that remember nothing. Backends that do ignore it.</summary>
    public IReadOnlyList<AssistantTurn> History { get; init; } = [];

    /// <summary>Values that the backend's own prompt asks for.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Files that belong to the question. What the backend does not take after all is told by <see cref="AssistantFileRefused"/>, and the question is asked without it.</summary>
    public IReadOnlyList<AssistantFile> Files { get; init; } = [];

    /// <summary>Nothing was said but the files: when none of them is taken, nothing is asked (<see cref="AssistantFailure.Refused"/>).</summary>
    public bool IsAboutFiles { get; init; }
}

/// <summary>One thing said before.</summary>
/// <param name="ByAssistant">Who said it.</param>
/// <param name="Text">What.</param>
public readonly record struct AssistantTurn(bool ByAssistant, string Text);

/// <summary>A file of a question.</summary>
/// <param name="Name">With its extension.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Content">Read from its position, once for each time that the question is asked. Its owner disposes of it.</param>
public sealed record AssistantFile(string Name, string ContentType, Stream Content);
