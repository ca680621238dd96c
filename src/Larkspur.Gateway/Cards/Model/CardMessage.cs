using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Cards;

/// <summary>A message with a face, in no platform's words: what it says, shows and asks. An <see cref="ICardCompiler"/> makes a platform's card of it.</summary>
/// <remarks>Over REST it is the member <c>card_message</c>; its bounds are those of <see cref="CardMessageLimits"/>.</remarks>
public sealed record CardMessage
{
    /// <summary>What it is about.</summary>
    public required LocalText Title { get; init; }

    /// <summary>How things stand: the colour of the head.</summary>
    public CardStatus Status { get; init; }

    /// <summary>Text that is shown as it is. Either this or <see cref="Markdown"/>.</summary>
    public LocalText? Text { get; init; }

    /// <summary>Text with emphasis, links, lists and code. Tags (mentions among them), embedded pictures and unsafe links in it are shown, not acted on.</summary>
    public LocalText? Markdown { get; init; }

    /// <summary>Names and values, as plain text.</summary>
    public IReadOnlyList<CardFact> Facts { get; init; } = [];

    /// <summary>A picture.</summary>
    public CardPicture? Picture { get; init; }

    /// <summary>What people can do, the most important first.</summary>
    public IReadOnlyList<CardMessageAction> Actions { get; init; } = [];

    /// <summary>What is asked; with <see cref="Submit"/>.</summary>
    public IReadOnlyList<CardInput> Inputs { get; init; } = [];

    /// <summary>Sends what was entered.</summary>
    public CardMessageAction? Submit { get; init; }

    /// <summary>Small print.</summary>
    public LocalText? Footnote { get; init; }

    /// <summary>What lists of chats and notifications show in place of the card; the title when null.</summary>
    public LocalText? Summary { get; init; }

    /// <summary>The webhook that is told of clicks; null: every one whose <c>Events</c> name <c>card.action</c>.</summary>
    public string? Webhook { get; init; }

    /// <summary>Actions that call back, the submit among them.</summary>
    public IEnumerable<CardMessageAction> Callbacks => Actions.Append(Submit).OfType<CardMessageAction>().Where(a => a.Url is null);

    /// <summary>The action of an id that calls back, or null.</summary>
    public CardMessageAction? FindCallback(string id) => Callbacks.FirstOrDefault(a => a.Id == id);
}

/// <summary>How things stand.</summary>
public enum CardStatus
{
    /// <summary>Nothing to tell by colour.</summary>
    Neutral,

    /// <summary>For information.</summary>
    Info,

    /// <summary>It went well.</summary>
    Success,

    /// <summary>Somebody should look.</summary>
    Warning,

    /// <summary>It went wrong.</summary>
    Danger,

    /// <summary>It is under way.</summary>
    Progress,

    /// <summary>It is over, or does not count any more.</summary>
    Closed,
}

/// <summary>A name and a value.</summary>
/// <param name="Label">The name.</param>
/// <param name="Value">The value.</param>
public sealed record CardFact(LocalText Label, LocalText Value)
{
    /// <summary>It takes a line of its own; others stand two in a row where there is room.</summary>
    public bool Wide { get; init; }
}

/// <summary>A picture.</summary>
public sealed record CardPicture
{
    /// <summary>The platform's key of the upload (Feishu: <c>img_…</c>).</summary>
    public string? Key { get; init; }

    /// <summary>Where it lies, when it was not uploaded: platforms that cannot load it show a link.</summary>
    public string? Url { get; init; }

    /// <summary>What it shows, for who cannot see it.</summary>
    public required LocalText Alt { get; init; }
}

/// <summary>Something to do: it opens an address, or calls back.</summary>
public sealed record CardMessageAction
{
    /// <summary>Its name in callbacks, once per card: letters, digits, <c>-</c> and <c>_</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What stands on it.</summary>
    public required LocalText Label { get; init; }

    /// <summary>Its look.</summary>
    public CardActionStyle Style { get; init; }

    /// <summary>The address that it opens; null: it calls back.</summary>
    public string? Url { get; init; }

    /// <summary>What the callback carries: any JSON value, as text; null: nothing but the id.</summary>
    public string? Value { get; init; }

    /// <summary>Asked before it acts.</summary>
    public CardQuestion? Confirm { get; init; }

    /// <summary>Ids of those who may (open, user or union ids); null: everybody who sees the card.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>The first click decides: the card's actions go, and its face says who clicked when. False: every click counts.</summary>
    public bool Once { get; init; } = true;

    /// <summary>What was done, for the face and the toast: “Approved”, “批准”; null: the label is quoted.</summary>
    public LocalText? Done { get; init; }

    /// <summary>The card's status once it was done; null: by the style.</summary>
    public CardStatus? DoneStatus { get; init; }
}

/// <summary>A question before something is done.</summary>
/// <param name="Title">The question.</param>
/// <param name="Text">What will happen.</param>
public sealed record CardQuestion(LocalText Title, LocalText Text);

/// <summary>Look of an action.</summary>
public enum CardActionStyle
{
    /// <summary>One of several.</summary>
    Default,

    /// <summary>What is usually done.</summary>
    Primary,

    /// <summary>What hurts.</summary>
    Danger,
}

/// <summary>Something to fill in.</summary>
public sealed record CardInput
{
    /// <summary>Its name in callbacks, once per card.</summary>
    public required string Id { get; init; }

    /// <summary>What is filled in.</summary>
    public CardInputKind Kind { get; init; }

    /// <summary>What is asked.</summary>
    public required LocalText Label { get; init; }

    /// <summary>It cannot be left empty. Has no meaning for a checkbox.</summary>
    public bool Required { get; init; }

    /// <summary>Shown while it is empty.</summary>
    public LocalText? Placeholder { get; init; }

    /// <summary>What can be chosen; for <see cref="CardInputKind.Select"/>.</summary>
    public IReadOnlyList<CardOption> Options { get; init; } = [];

    /// <summary>Several lines; for <see cref="CardInputKind.Text"/>.</summary>
    public bool Multiline { get; init; }

    /// <summary>Most characters; for <see cref="CardInputKind.Text"/>.</summary>
    public int? MaxLength { get; init; }

    /// <summary>What it holds at first: the text, an option's value, <c>yyyy-MM-dd</c>, <c>true</c>.</summary>
    public string? Initial { get; init; }
}

/// <summary>Kinds of inputs.</summary>
public enum CardInputKind
{
    /// <summary>Words.</summary>
    Text,

    /// <summary>One of several.</summary>
    Select,

    /// <summary>A date.</summary>
    Date,

    /// <summary>Yes or no.</summary>
    Checkbox,
}

/// <summary>Something to choose.</summary>
/// <param name="Value">What comes back.</param>
/// <param name="Label">What is shown.</param>
public sealed record CardOption(string Value, LocalText Label);
