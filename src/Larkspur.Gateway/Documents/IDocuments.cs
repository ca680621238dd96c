using Larkspur.Gateway.Apps.Feishu;

namespace Larkspur.Gateway.Documents;

/// <summary>Feishu's documents for the assistant: read for a person what that person may read, save an answer as a document of theirs.</summary>
internal interface IDocuments
{
    /// <summary>Links to documents and wiki pages in what somebody wrote: in plain text, Markdown or HTML, with anchors and queries; each once, at most five, in their order.</summary>
    IReadOnlyList<DocumentLink> FindLinks(string text);

    /// <summary>Reads a document for a person. The app reads, so the person's right is asked for first; what cannot be determined is refused.</summary>
    /// <param name="app">The app that reads; it must be able to open the document itself, and to see who else may.</param>
    /// <param name="link">From <see cref="FindLinks"/>.</param>
    /// <param name="who">The person.</param>
    /// <param name="cancellation">Ends the waiting. What is read may still be read to its end: others may wait for it.</param>
    /// <returns>The text, or why there is none; without it never a title. Failures of the platform are an outcome, not an exception.</returns>
    Task<DocumentReading> ReadAsync(FeishuApp app, DocumentLink link, DocumentReader who, CancellationToken cancellation);

    /// <summary>What a person must allow before a document is read in their own name.</summary>
    IReadOnlyList<string> ScopesFor(IEnumerable<DocumentLink> links);

    /// <summary>Reads a document with the person's own token: what they may read is read, also where the app may not.</summary>
    /// <param name="app">The app.</param>
    /// <param name="link">From <see cref="FindLinks"/>.</param>
    /// <param name="given">What the person allowed; it has <see cref="ScopesFor"/> of the link.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="Authorizations.Tokens.AuthorizationNeededException">They do not allow it any more.</exception>
    Task<DocumentReading> ReadInNameAsync(FeishuApp app, DocumentLink link, Authorizations.Rows.UserAuthorization given,
        CancellationToken cancellation);

    /// <summary>Saves Markdown as a new document and gives the person full access to it. Under one key there is one document, however often this is called.</summary>
    /// <exception cref="ArgumentException">The document is not to be saved as it is, or its key was used with another text.</exception>
    /// <exception cref="PlatformApiException">The platform refused; call again under the same key when it is transient.</exception>
    /// <exception cref="PlatformNetworkException">The platform did not answer; call again under the same key.</exception>
    /// <exception cref="Messages.RequestRefusedException">The month's calls are used up.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="DocumentOptions.SaveTimeout"/>; call again under the same key.</exception>
    Task<SavedDocument> SaveAsync(FeishuApp app, NewDocument document, CancellationToken cancellation);
}

/// <summary>A link to a document.</summary>
/// <param name="Kind">What its token is of.</param>
/// <param name="Token">The document's or the wiki node's.</param>
/// <param name="Address">As it was written, without query and anchor.</param>
internal sealed record DocumentLink(DocumentKind Kind, string Token, string Address);

/// <summary>What a link's token is of.</summary>
internal enum DocumentKind
{
    /// <summary>A document, <c>/docx/…</c>.</summary>
    Docx,

    /// <summary>A page of a knowledge space, <c>/wiki/…</c>.</summary>
    Wiki,
}

/// <summary>Who wants to read, by the ids that a verified event named.</summary>
/// <param name="OpenId">The person's id towards this app.</param>
internal sealed record DocumentReader(string OpenId)
{
    /// <summary>The tenant's id of the person, where it is known.</summary>
    public string? UserId { get; init; }

    /// <summary>The developer's id of the person, where it is known.</summary>
    public string? UnionId { get; init; }

    /// <summary><c>open_department_id</c>s of the person; null: unknown, they are asked for when a document is shared with a department.</summary>
    public IReadOnlyList<string>? DepartmentIds { get; init; }

    /// <summary>The Feishu chat in which the person wrote the question; being a member of it is proven by that.</summary>
    public string? ChatId { get; init; }

    /// <summary>The person belongs to the app's own tenant (the event's <c>sender.tenant_key</c> is its header's); null: unknown, the directory is asked.</summary>
    public bool? IsOfTenant { get; init; }
}

/// <summary>What came of reading.</summary>
/// <param name="Outcome">Read, or why not.</param>
/// <param name="Title">Only with <see cref="DocumentOutcome.Read"/>.</param>
/// <param name="Text">Markdown, at most <see cref="DocumentOptions.MaxCharacters"/>; only with <see cref="DocumentOutcome.Read"/>.</param>
/// <param name="IsCut">The document is longer than the text.</param>
internal sealed record DocumentReading(DocumentOutcome Outcome, string? Title, string? Text, bool IsCut)
{
    /// <summary>Nothing was read.</summary>
    public static DocumentReading Refused(DocumentOutcome outcome) => new(outcome, null, null, false);
}

/// <summary>What came of reading.</summary>
internal enum DocumentOutcome
{
    /// <summary>The text is there.</summary>
    Read,

    /// <summary>No such document, or it was deleted.</summary>
    NotFound,

    /// <summary>The person may not read it, or nobody can tell.</summary>
    NotAllowedForPerson,

    /// <summary>The app may not read it, or may not see who may: it has to be added to the document, or lacks a scope.</summary>
    NotAllowedForApp,

    /// <summary>Sheets, tables, files, documents of the old kind.</summary>
    Unsupported,

    /// <summary>The platform does not hand out so much.</summary>
    TooLarge,

    /// <summary>The platform did not answer, or not in time.</summary>
    Unavailable,
}

/// <summary>An answer that becomes a document.</summary>
/// <param name="Title">From 1 to 800 characters; line breaks become blanks, and what is longer is cut.</param>
/// <param name="Markdown">At most <see cref="MaxLength"/> characters.</param>
/// <param name="OwnerOpenId">Who gets full access to it.</param>
/// <param name="Key">Of the caller, 1 to 200 characters: the same for every attempt, another one for another document.</param>
internal sealed record NewDocument(string Title, string Markdown, string OwnerOpenId, string Key)
{
    /// <summary>Longest Markdown.</summary>
    public const int MaxLength = 200_000;

    /// <summary>Longest title that the platform takes.</summary>
    public const int MaxTitle = 800;

    /// <summary>Longest key.</summary>
    public const int MaxKey = 200;
}

/// <summary>A document that was saved.</summary>
/// <param name="DocumentId">Its token.</param>
/// <param name="Address">Where people open it.</param>
/// <param name="Title">As it was saved.</param>
internal sealed record SavedDocument(string DocumentId, string Address, string Title);
