using System.Globalization;
using Larkspur.Emulator.Web.Cards;
using Larkspur.Emulator.Web.Messages;

namespace Larkspur.Emulator.Web;

/// <summary>The company as one person sees it, in one language: names, times, previews and addresses of the pages.</summary>
public sealed class Viewer(EmulatorState state, Person me, Texts texts, TimeSpan utcOffset, string assetVersion)
{
    /// <summary>How much of a conversation the page holds.</summary>
    public const int MessagesShown = 200;

    private readonly IReadOnlyList<Person> _people = state.People;
    private readonly IReadOnlyList<BotApp> _apps = state.Apps;

    public EmulatorState State => state;

    public Person Me => me;

    public Texts Texts => texts;

    public TimeSpan UtcOffset => utcOffset;

    public string AssetVersion => assetVersion;

    /// <summary>One of <see cref="Web.Theme.Choices"/>.</summary>
    public string Theme { get; init; } = Web.Theme.Auto;

    /// <summary>The address of this page as this person, without what a person chose about its looks.</summary>
    public string Here { get; init; } = "/";

    public DateTimeOffset Now => state.Clock.GetUtcNow().ToOffset(utcOffset);

    public IEnumerable<Person> People => _people.Where(static p => !p.IsResigned);

    public string NameOf(Person person) => texts.Code == "zh" || person.EnName.Length == 0 ? person.Name : person.EnName;

    public string NameOf(BotApp app) => texts.Code == "zh" || app.EnName.Length == 0 ? app.Name : app.EnName;

    /// <summary>Name behind a <c>user_id</c> or <c>app_id</c>.</summary>
    public string NameOf(string id) =>
        _people.FirstOrDefault(p => p.UserId == id) is { } person ? NameOf(person)
        : _apps.FirstOrDefault(a => a.AppId == id) is { } app ? NameOf(app)
        : id == EmulatorState.ApprovalBotId ? texts.ApprovalBot
        : state.CustomBotOf(id) is { } bot ? texts.Code == "zh" || bot.EnName.Length == 0 ? bot.Name : bot.EnName
        : texts.UnknownPerson;

    /// <summary>Seeded job titles are Chinese; the mail address reads in both languages.</summary>
    public string Describe(Person person) => texts.Code == "zh" ? person.JobTitle : person.Email;

    public bool IsBot(string id) => id == EmulatorState.ApprovalBotId || _apps.Any(a => a.AppId == id) || state.CustomBotOf(id) is not null;

    public bool IsCustomBot(string id) => _apps.All(a => a.AppId != id) && state.CustomBotOf(id) is not null;

    public string NameOf(Chat chat) =>
        chat.Kind == ChatKind.P2p && chat.Bots is [var appId, ..] ? NameOf(appId)
        : texts.Code == "zh" || chat.EnName.Length == 0 ? chat.Name : chat.EnName;

    /// <summary>What the colour of a chat's avatar follows from: the bot of a direct chat, else the chat itself.</summary>
    public static string AvatarKey(Chat chat) => chat.Kind == ChatKind.P2p && chat.Bots is [var appId, ..] ? appId : chat.ChatId;

    public string Describe(Chat chat) => chat.Kind == ChatKind.P2p ? texts.DirectChat : texts.Members(chat.People.Length, chat.Bots.Length);

    /// <summary>Anybody, by whichever of the platform's ids a message or a card names.</summary>
    public CardPerson? Find(string id)
    {
        if (id.Length is 0 or > 200) return null;
        foreach (var person in _people)
        {
            if (person.UserId == id || person.UnionId == id || string.Equals(person.Email, id, StringComparison.OrdinalIgnoreCase)
                || (id.StartsWith("ou_", StringComparison.Ordinal) && _apps.Any(a => WireIds.OpenId(a.AppId, person.UserId) == id)))
            {
                return new CardPerson(id, NameOf(person), person.UserId);
            }
        }

        return _apps.FirstOrDefault(a => a.AppId == id || a.BotOpenId == id) is { } app ? new CardPerson(id, NameOf(app), app.AppId) : null;
    }

    public CardScene Scene(Message message)
    {
        var chat = state.Chat(message.ChatId);
        var app = message.SenderKind == SenderKind.App ? message.SenderId : chat?.Bots.FirstOrDefault() ?? "";
        return new CardScene
        {
            Texts = texts,
            Find = Find,
            Members =
            [
                .. _people.Where(p => chat is null || chat.Has(p.UserId))
                    .Select(p => new CardPerson(WireIds.OpenId(app, p.UserId), NameOf(p), p.UserId)),
            ],
            Image = Image,
            Duration = key => state.File(key)?.DurationMs,
            UtcOffset = utcOffset,
        };
    }

    /// <summary>A card that stands in no chat: everybody is a member.</summary>
    /// <param name="cardWords">The language in which the card is looked at.</param>
    public CardScene PreviewScene(Texts cardWords) => new()
    {
        Texts = cardWords,
        Find = Find,
        Members = [.. _people.Select(p => new CardPerson(WireIds.OpenId(_apps is [var first, ..] ? first.AppId : "", p.UserId), NameOf(p), p.UserId))],
        Image = Image,
        Duration = key => state.File(key)?.DurationMs,
        UtcOffset = utcOffset,
    };

    /// <summary>Address of an uploaded picture, when there is one under this key.</summary>
    public string? Image(string key) => state.File(key) is { IsImage: true } ? $"/ui/file/{Uri.EscapeDataString(key)}" : null;

    public string Clock(DateTimeOffset moment) => moment.ToOffset(utcOffset).ToString("HH:mm", CultureInfo.InvariantCulture);

    public string ClockWithSeconds(DateTimeOffset moment) => moment.ToOffset(utcOffset).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public string Day(DateTimeOffset moment)
    {
        var day = moment.ToOffset(utcOffset).Date;
        var today = Now.Date;
        if (day == today) return texts.Today;
        if (day == today.AddDays(-1)) return texts.Yesterday;
        var pattern = texts.Code == "zh" ? day.Year == today.Year ? "M月d日" : "yyyy年M月d日" : day.Year == today.Year ? "MMM d" : "MMM d, yyyy";
        return day.ToString(pattern, CultureInfo.InvariantCulture);
    }

    /// <summary>For the chat list: the time today, the day before that.</summary>
    public string Brief(DateTimeOffset moment) => moment.ToOffset(utcOffset).Date == Now.Date ? Clock(moment) : Day(moment);

    public string Full(DateTimeOffset moment) => moment.ToOffset(utcOffset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>One line of text that stands for a message in the chat list and in quotes.</summary>
    public string Preview(Message message, bool withSender)
    {
        var body = message.Deleted ? Recalled(message) : MessagePreview.Of(message, this);
        return withSender && !message.Deleted && message.SenderKind != SenderKind.System ? $"{Sender(message)}: {body}" : body;
    }

    public string Recalled(Message message) => message.SenderId == me.UserId ? texts.RecalledByYou : texts.Recalled(NameOf(message.SenderId));

    public string Sender(Message message) => message.SenderId == me.UserId ? texts.You : NameOf(message.SenderId);

    public string Address(string? chatId = null, string? view = null, string? asPerson = null, string? language = null)
    {
        var query = $"/?as={Uri.EscapeDataString(asPerson ?? me.UserId)}";
        if (chatId is not null) query += $"&chat={Uri.EscapeDataString(chatId)}";
        if (view is not null) query += $"&view={view}";
        if (language is not null) query += $"&lang={language}";
        return query;
    }

    public string ApprovalsAddress(string? tab = null, string? instance = null, string? asPerson = null, string? language = null)
    {
        var query = $"/approvals?as={Uri.EscapeDataString(asPerson ?? me.UserId)}";
        if (tab is not null) query += $"&tab={tab}";
        if (instance is not null) query += $"&instance={Uri.EscapeDataString(instance)}";
        if (language is not null) query += $"&lang={language}";
        return query;
    }

    /// <param name="path">Of one table, by its base and its id; null: the list of all.</param>
    public string TablesAddress(string? path = null, string? asPerson = null) =>
        $"/tables{(string.IsNullOrEmpty(path) ? "" : "/" + path)}?as={Uri.EscapeDataString(asPerson ?? me.UserId)}";

    /// <summary>This page once more, with one choice about its looks in the address.</summary>
    public string With(string name, string value) => $"{Here}{(Here.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{name}={value}";

    public static string Asset(string name, string version) => $"/ui/assets/{name}?v={version}";
}
