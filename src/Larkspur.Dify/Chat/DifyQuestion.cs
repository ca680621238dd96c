namespace Larkspur.Dify;

/// <summary>A question to an app.</summary>
/// <param name="Query">What is asked.</param>
/// <param name="User">Who asks; the same value for the same person, always.</param>
public sealed record DifyQuestion(string Query, string User)
{
    /// <summary>A UUID from an earlier answer; null: a new conversation.</summary>
    public string? ConversationId { get; init; }

    /// <summary>Fields of the app's prompt; they count when a conversation begins.</summary>
    public IReadOnlyDictionary<string, object?> Inputs { get; init; } = new Dictionary<string, object?>();

    /// <summary>Files, uploaded before by the same user or given by address.</summary>
    public IReadOnlyList<DifyFileRef> Files { get; init; } = [];

    /// <summary>Lets Dify name a new conversation by its first words. Costs tokens; default false.</summary>
    public bool NamesConversation { get; init; }

    /// <summary>A version of a Chatflow; null: the published one.</summary>
    public string? WorkflowId { get; init; }
}

/// <summary>A file of a question.</summary>
/// <param name="Type"><c>image</c>, <c>document</c>, <c>audio</c>, <c>video</c>, <c>custom</c>.</param>
/// <param name="UploadFileId">From <see cref="DifyFiles.UploadAsync"/>; or null.</param>
/// <param name="Url">Where Dify fetches it; or null.</param>
public sealed record DifyFileRef(string Type, string? UploadFileId, Uri? Url)
{
    /// <summary>A file that was uploaded.</summary>
    public static DifyFileRef Uploaded(string type, string uploadFileId) => new(type, uploadFileId, null);

    /// <summary>A file that Dify fetches.</summary>
    public static DifyFileRef At(string type, Uri url) => new(type, null, url);
}

/// <summary>A whole answer.</summary>
/// <param name="Text">All of it.</param>
/// <param name="Ids">For feedback, for going on, for resuming.</param>
/// <param name="Usage">What it cost, if told.</param>
/// <param name="Sources">What it was taken from.</param>
/// <param name="Files">What was made with it.</param>
/// <param name="Form">The run waits for a person: the text so far, and the form. Null when the answer is whole.</param>
public sealed record DifyAnswer(string Text, DifyIds Ids, DifyUsage? Usage, IReadOnlyList<DifySource> Sources, IReadOnlyList<DifyFileMade> Files, DifyForm? Form);
