using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Messages.Cards;

namespace Larkspur.Gateway.Cards;

/// <summary>Reads a <see cref="CardMessage"/> from JSON, and says of the first thing that is wrong what and where.</summary>
internal static partial class CardMessageReader
{
    /// <exception cref="RequestRefusedException">It is none.</exception>
    public static CardMessage Read(JsonElement json, string pointer) => Read(JsonFields.Of(json, pointer));

    private static CardMessage Read(JsonFields card)
    {
        var message = new CardMessage
        {
            Title = card.Need("title", TextOf(card, "title", CardMessageLimits.Line)),
            Status = EnumOf<CardStatus>(card, "status") ?? CardStatus.Neutral,
            Text = TextOf(card, "text", CardMessageLimits.Text),
            Markdown = TextOf(card, "markdown", CardMessageLimits.Text),
            Facts = ListOf(card, "facts", CardMessageLimits.Facts, ReadFact),
            Picture = card.Object("image") is { } picture ? ReadPicture(picture) : null,
            Actions = ListOf(card, "actions", CardMessageLimits.Actions, action => ReadAction(action, null)),
            Inputs = ListOf(card, "inputs", CardMessageLimits.Inputs, ReadInput),
            Submit = card.Object("submit") is { } submit ? ReadAction(submit, "submit") : null,
            Footnote = TextOf(card, "footnote", CardMessageLimits.Line),
            Summary = TextOf(card, "summary", CardMessageLimits.Line),
            Webhook = card.Text("webhook", 40),
        };
        card.End();
        if (message is { Text: not null, Markdown: not null }) throw RequestRefusedException.Malformed("two_texts", card.At("markdown"), "A card has text or markdown, not both.");
        if (message.Inputs.Count == 0 && message.Submit is not null) throw RequestRefusedException.Malformed("nothing_to_submit", card.At("submit"), "There are no inputs that it could submit.");
        if (message.Inputs.Count > 0 && message.Submit is null)
            message = message with { Submit = new CardMessageAction { Id = "submit", Label = CardTexts.Submit,
                Style = CardActionStyle.Primary, Done = CardTexts.Submitted } };
        CheckIds(card, message);
        return message;
    }

    private static void CheckIds(JsonFields card, CardMessage message)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in message.Actions.Append(message.Submit).OfType<CardMessageAction>().Select(a => a.Id).Concat(message.Inputs.Select(i => i.Id)))
        {
            if (!seen.Add(id)) throw RequestRefusedException.Impossible("duplicate_id", card.At("actions"), $"Two actions or inputs have the id \"{id}\".");
        }
    }

    private static CardFact ReadFact(JsonFields fact) => new(
        fact.Need("label", TextOf(fact, "label", CardMessageLimits.Label)),
        // A value that is not known is shown as a dash: business data has such fields, and a card should not fail because of one.
        TextOf(fact, "value", CardMessageLimits.Value, mayBeEmpty: true) is { } value && !(value.Chinese.Length == 0 && value.English.Length == 0) ? value : "—")
    {
        Wide = fact.Truth("wide") ?? false,
    };

    private static CardPicture ReadPicture(JsonFields picture)
    {
        var read = new CardPicture
        {
            Key = picture.Text("key", 128) is { } key ? FeishuIds.Check("image_key", key, picture.At("key")) : null,
            Url = UrlOf(picture, "url"),
            Alt = TextOf(picture, "alt", CardMessageLimits.Line) ?? CardTexts.Image,
        };
        picture.End();
        return read is { Key: null, Url: null } ? throw RequestRefusedException.Malformed("missing", picture.At("key"), "An image has the key of an upload, or a url.") : read;
    }

    private static CardMessageAction ReadAction(JsonFields action, string? defaultId)
    {
        var read = new CardMessageAction
        {
            Id = IdOf(action, defaultId),
            Label = action.Need("label", TextOf(action, "label", CardMessageLimits.Label)),
            Style = EnumOf<CardActionStyle>(action, "style") ?? (defaultId is null ? CardActionStyle.Default : CardActionStyle.Primary),
            Url = UrlOf(action, "url"),
            Value = action.Any("value")?.GetRawText(),
            Confirm = ReadQuestion(action),
            Allowed = AllowedOf(action),
            Once = action.Truth("once") ?? true,
            Done = TextOf(action, "done", CardMessageLimits.Label),
            DoneStatus = EnumOf<CardStatus>(action, "done_status"),
        };
        action.End();
        if (read.Value is { } value && Encoding.UTF8.GetByteCount(value) > CardMessageLimits.ActionValue)
            throw RequestRefusedException.Impossible("too_long", action.At("value"), $"A value may have {CardMessageLimits.ActionValue} bytes.");
        if (read.Url is not null && (read.Value is not null || read.Allowed is not null || defaultId is not null))
            throw RequestRefusedException.Malformed("two_effects", action.At("url"), "An action opens an address, or it calls back: value and allowed belong to the latter, and a submit never opens one.");
        return read;
    }

    private static CardQuestion? ReadQuestion(JsonFields action)
    {
        if (!action.Has("confirm")) return null;
        var at = action.At("confirm");
        var given = action.Any("confirm")!.Value;
        if (given.ValueKind == JsonValueKind.Object && given.TryGetProperty("title", out _))
        {
            var question = JsonFields.Of(given, at);
            var read = new CardQuestion(question.Need("title", TextOf(question, "title", CardMessageLimits.Label)), question.Need("text", TextOf(question, "text", CardMessageLimits.Line)));
            question.End();
            return read;
        }

        return new CardQuestion(CardTexts.PleaseConfirm, ReadText(given, at, CardMessageLimits.Line, mayBeEmpty: false));
    }

    private static IReadOnlyList<string>? AllowedOf(JsonFields action)
    {
        var at = action.At("allowed");
        if (action.Texts("allowed", CardMessageLimits.Allowed, 128) is not { } ids) return null;
        for (var i = 0; i < ids.Count; i++)
        {
            if (!PersonId().IsMatch(ids[i]) || FeishuIds.KindOf(ids[i]) is not (null or "open_id" or "union_id"))
                throw RequestRefusedException.Impossible("wrong_id_type", $"{at}/{i.ToString(CultureInfo.InvariantCulture)}", "Who may is named by open id, union id or user id.");
        }

        return ids;
    }

    private static CardInput ReadInput(JsonFields input)
    {
        var read = new CardInput
        {
            Id = IdOf(input, null),
            Kind = EnumOf<CardInputKind>(input, "type") ?? CardInputKind.Text,
            Label = input.Need("label", TextOf(input, "label", CardMessageLimits.Label)),
            Required = input.Truth("required") ?? false,
            Placeholder = TextOf(input, "placeholder", CardMessageLimits.Label),
            Options = ListOf(input, "options", CardMessageLimits.Options, ReadOption),
            Multiline = input.Truth("multiline") ?? false,
            MaxLength = input.Any("max_length") is not { } most ? null : most.ValueKind == JsonValueKind.Number && most.TryGetInt32(out var length) && length is >= 1 and <= 1000 ? length
                : throw RequestRefusedException.Malformed("wrong_type", input.At("max_length"), "It must be a whole number from 1 to 1000."),
            Initial = input.Any("initial") switch
            {
                null => null,
                { ValueKind: JsonValueKind.True } => "true",
                { ValueKind: JsonValueKind.False } => null,
                { } text => JsonFields.TextOf(text, input.At("initial")),
            },
        };
        CheckInput(input, read);
        return read;
    }

    private static void CheckInput(JsonFields input, CardInput read)
    {
        if (read.Kind == CardInputKind.Select && read.Options.Count == 0) throw RequestRefusedException.Malformed("missing", input.At("options"), "A select has options.");
        if (read.Kind != CardInputKind.Select && read.Options.Count > 0) throw RequestRefusedException.Malformed("unknown_field", input.At("options"), "Only a select has options.");
        if (read.Options.DistinctBy(o => o.Value, StringComparer.Ordinal).Count() != read.Options.Count) throw RequestRefusedException.Impossible("duplicate_id", input.At("options"), "Two options have the same value.");
        if (read.Initial is not { } initial) return;
        var fits = read.Kind switch
        {
            CardInputKind.Text => initial.Length <= (read.MaxLength ?? 1000),
            CardInputKind.Select => read.Options.Any(o => o.Value == initial),
            CardInputKind.Date => DateOnly.TryParseExact(initial, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            _ => initial == "true",
        };
        if (!fits) throw RequestRefusedException.Impossible("bad_initial", input.At("initial"), "It is nothing that this input can hold: a text that fits, an option's value, a date like 2026-04-01, true.");
    }

    private static CardOption ReadOption(JsonFields option)
    {
        var value = ReservedValues.Checked(option.Need("value", option.Text("value", 200)), option.At("value"));
        return new CardOption(value, TextOf(option, "label", CardMessageLimits.Label) ?? value);
    }

    private static string IdOf(JsonFields fields, string? otherwise)
    {
        var id = fields.Text("id", 40) ?? otherwise ?? throw RequestRefusedException.Malformed("missing", fields.At("id"), "\"id\" is missing.");
        return Id().IsMatch(id) ? id : throw RequestRefusedException.Impossible("bad_id", fields.At("id"), "An id has up to 40 letters, digits, - and _.");
    }

    private static string? UrlOf(JsonFields fields, string name) => fields.Text(name, 2000) is not { } url ? null
        : CardUrls.IsSafe(url) ? url : throw RequestRefusedException.Impossible("bad_url", fields.At(name), "It must be a complete address: https, http, lark or feishu, without a name or password in it.");

    private static T? EnumOf<T>(JsonFields fields, string name) where T : struct, Enum
    {
        if (fields.Text(name, 40) is not { } word) return null;
        var known = Enum.GetNames<T>().Select(n => n.ToLowerInvariant()).ToArray();
        return Array.IndexOf(known, word) is >= 0 and var index ? Enum.GetValues<T>()[index]
            : throw RequestRefusedException.Impossible("bad_" + name, fields.At(name), $"\"{JsonFields.Shown(word)}\" is none of {string.Join(", ", known)}.");
    }

    private static List<T> ListOf<T>(JsonFields fields, string name, int most, Func<JsonFields, T> read)
    {
        if (fields.Any(name) is not { } list) return [];
        var at = fields.At(name);
        if (list.ValueKind != JsonValueKind.Array) throw RequestRefusedException.Malformed("wrong_type", at, "It must be a list of objects.");
        if (list.GetArrayLength() > most) throw RequestRefusedException.Impossible("too_many", at, $"There may be {most.ToString(CultureInfo.InvariantCulture)} of them.");
        var items = new List<T>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            var member = JsonFields.Of(item, $"{at}/{items.Count.ToString(CultureInfo.InvariantCulture)}");
            items.Add(read(member));
            member.End();
        }

        return items;
    }

    private static LocalText? TextOf(JsonFields fields, string name, int longest, bool mayBeEmpty = false) =>
        fields.Any(name) is { } given ? ReadText(given, fields.At(name), longest, mayBeEmpty) : null;

    /// <summary>A text, a number, or <c>{"zh": …, "en": …}</c> of which one may be missing.</summary>
    /// <summary>Reads a text that is not empty: a string for all, or <c>{"zh": …, "en": …}</c>.</summary>
    /// <exception cref="RequestRefusedException">It is none, or too long.</exception>
    public static LocalText ReadText(JsonElement given, string at, int longest) => ReadText(given, at, longest, mayBeEmpty: false);

    private static LocalText ReadText(JsonElement given, string at, int longest, bool mayBeEmpty)
    {
        if (given.ValueKind != JsonValueKind.Object) return Checked(given.ValueKind == JsonValueKind.Number ? given.GetRawText() : JsonFields.TextOf(given, at), at);
        var both = JsonFields.Of(given, at);
        var chinese = both.Any("zh") is { } zh ? Checked(JsonFields.TextOf(zh, both.At("zh")), both.At("zh")) : null;
        var english = both.Any("en") is { } en ? Checked(JsonFields.TextOf(en, both.At("en")), both.At("en")) : null;
        both.End();
        return new LocalText(chinese ?? english ?? throw RequestRefusedException.Malformed("missing", at, "A text is a string, or an object with zh and en."), english ?? chinese!);

        string Checked(string text, string pointer)
        {
            if (!mayBeEmpty && string.IsNullOrWhiteSpace(text)) throw RequestRefusedException.Malformed("empty", pointer, "It must not be empty.");
            return text.Length <= longest ? text : throw RequestRefusedException.Impossible("too_long", pointer, $"It may have {longest.ToString(CultureInfo.InvariantCulture)} characters.");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_\-]{1,40}\z", RegexOptions.None, 10_000)]
    private static partial Regex Id();

    [GeneratedRegex(@"^[A-Za-z0-9_\-.]{1,128}\z", RegexOptions.None, 10_000)]
    private static partial Regex PersonId();
}
