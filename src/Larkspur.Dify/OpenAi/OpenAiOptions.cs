namespace Larkspur.Dify.OpenAi;

/// <summary>A model behind an OpenAI-compatible <c>chat/completions</c>.</summary>
public sealed class OpenAiOptions
{
    /// <summary>Up to and without <c>/chat/completions</c>: <c>https://api.example.com/v1</c>. Required.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>Bearer key; null where none is asked for (a model of one's own). Never logged.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Name of the model. Required.</summary>
    public string Model { get; set; } = "";

    /// <summary>What the model is told before every conversation; null: nothing.</summary>
    public string? SystemPrompt { get; set; }

    /// <summary>Characters of earlier turns that go with a question, newest first; what is older is left out. Default 24,000; the service remembers nothing.</summary>
    public int HistoryWindow { get; set; } = 24_000;

    /// <summary>Longest answer in tokens; null: the service's own bound.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>0 to 2; null: the service's own.</summary>
    public double? Temperature { get; set; }

    /// <summary>The model looks at pictures: they go with a question as data addresses. Default false; a model that does not would refuse the question.</summary>
    public bool Sees { get; set; }

    /// <summary>Longest time without a byte, and until the answer's head. Default 60 s.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Tries, the first included, of questions that were refused before they had an effect. Default 3.</summary>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Everything that is wrong, each with the name of its option.</summary>
    public IEnumerable<string> Problems()
    {
        if (BaseUrl is not { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" })
            yield return $"{nameof(BaseUrl)} must be an absolute http or https address without query, such as https://api.example.com/v1.";
        if (string.IsNullOrWhiteSpace(Model)) yield return $"{nameof(Model)} is missing: the model's name.";
        if (ApiKey is { } key && key.Any(static c => c is <= ' ' or > '~')) yield return $"{nameof(ApiKey)} has characters that no key has.";
        if (HistoryWindow is < 0 or > 10_000_000) yield return $"{nameof(HistoryWindow)} must be between 0 and 10,000,000.";
        if (MaxTokens is < 1) yield return $"{nameof(MaxTokens)} must be at least 1.";
        if (Temperature is < 0 or > 2) yield return $"{nameof(Temperature)} must be between 0 and 2.";
        if (Silence <= TimeSpan.Zero || Silence > TimeSpan.FromHours(1)) yield return $"{nameof(Silence)} must be more than nothing and at most an hour.";
        if (MaxAttempts is < 1 or > 20) yield return $"{nameof(MaxAttempts)} must be between 1 (no retry) and 20.";
    }
}
