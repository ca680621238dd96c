using System.Globalization;
using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People;

namespace Larkspur.Gateway.Notifications;

/// <summary>Checks what is given for a type's variables, and writes it as people read it: amounts, dates and names in both languages.</summary>
internal sealed class NotificationVariables(Installation settings)
{
    private const int LongestText = 2000;

    /// <summary>Digits that a currency's amounts are shown with, where they are not two (ISO 4217).</summary>
    private static readonly HashSet<string> WithoutCents = new(StringComparer.Ordinal) { "JPY", "KRW", "VND", "CLP", "ISK" };

    private static readonly Dictionary<string, string> Signs = new(StringComparer.Ordinal) { ["CNY"] = "¥", ["USD"] = "US$", ["EUR"] = "€", ["GBP"] = "£", ["HKD"] = "HK$", ["TWD"] = "NT$" };

    /// <summary>Checks all of them.</summary>
    /// <exception cref="RequestRefusedException">422 that names the first wrong one by its pointer, and all in the findings.</exception>
    public IReadOnlyDictionary<string, NotificationValue> Check(NotificationType type, JsonElement? given, string pointer)
    {
        var problems = new List<TemplateProblem>();
        var values = Check(type.Variables, given, pointer, problems);
        if (problems.Count == 0) return values;
        throw new RequestRefusedException(StatusCodes.Status422UnprocessableEntity, "bad_variables", problems[0].Pointer, string.Join(" ", problems.Take(5).Select(p => $"{p.Message} {p.Fix}")))
        {
            Findings = [.. problems.Select(p => new CardFindingView(p.Pointer, p.Rule, "error", p.Message, p.Fix))],
        };
    }

    /// <summary>Checks all of them and says of each what is wrong.</summary>
    public IReadOnlyDictionary<string, NotificationValue> Check(IReadOnlyList<NotificationVariable> variables, JsonElement? given, string pointer, List<TemplateProblem> problems)
    {
        var left = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (given is { ValueKind: JsonValueKind.Object } members)
        {
            foreach (var member in members.EnumerateObject()) left[member.Name] = member.Value;
        }
        else if (given is { ValueKind: not JsonValueKind.Null })
        {
            problems.Add(new TemplateProblem(pointer, "variable.wrong-type", "The variables are no object.", "Give them by name: {\"number\": …}."));
        }

        var values = new Dictionary<string, NotificationValue>(StringComparer.Ordinal);
        foreach (var variable in variables)
        {
            var at = $"{pointer}/{variable.Name}";
            if (left.Remove(variable.Name, out var value) && value.ValueKind != JsonValueKind.Null && !(value.ValueKind == JsonValueKind.String && value.ValueEquals("")))
            {
                if (Read(variable, value, at, problems) is { } read) values[variable.Name] = read;
            }
            else if (variable.Required)
            {
                problems.Add(new TemplateProblem(
                    at, "variable.missing", $"\"{variable.Name}\" is missing.", $"Give a value of type {variable.Word}."));
            }
        }

        foreach (var name in left.Keys)
            problems.Add(new TemplateProblem($"{pointer}/{JsonFields.Shown(name)}", "variable.unknown", $"There is no variable \"{JsonFields.Shown(name)}\".", variables.Count == 0 ? "The type has none." : $"The type has {string.Join(", ", variables.Select(v => v.Name))}."));
        return values;
    }

    private NotificationValue? Read(NotificationVariable variable, JsonElement value, string at, List<TemplateProblem> problems)
    {
        try
        {
            return variable.Kind switch
            {
                NotificationVariableKind.Number => new NotificationValue(Number(value, at)),
                NotificationVariableKind.Money => new NotificationValue(Money(value, at)),
                NotificationVariableKind.Date => new NotificationValue(Date(Line(value, at), at)),
                NotificationVariableKind.Url => CardUrls.IsSafe(Line(value, at)) ? new NotificationValue(Line(value, at)) : throw Wrong(at, "It is no address that a card may open: https, http, lark or feishu, complete, without a name or password in it."),
                NotificationVariableKind.Person => Person(value, at),
                _ => new NotificationValue(Text(value, at)),
            };
        }
        catch (RequestRefusedException e)
        {
            problems.Add(new TemplateProblem(e.Pointer ?? at, "variable." + e.Word.Replace('_', '-'), $"\"{variable.Name}\": {e.Message}",
                $"Its type is {variable.Word}: {Hint(variable.Kind)}."));
            return null;
        }
    }

    private static LocalText Text(JsonElement value, string at)
    {
        if (value.ValueKind != JsonValueKind.Object) return Line(value, at);
        var both = JsonFields.Of(value, at);
        var text = new LocalText(both.Need("zh", both.Text("zh", LongestText)), both.Need("en", both.Text("en", LongestText)));
        both.End();
        return text;
    }

    private static string Line(JsonElement value, string at)
    {
        var text = JsonFields.TextOf(value, at);
        return text.Length <= LongestText ? text : throw RequestRefusedException.Impossible("too_long", at, $"It may have {LongestText.ToString(CultureInfo.InvariantCulture)} characters.");
    }

    private static LocalText Number(JsonElement value, string at) => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)
        ? number.ToString("#,0.############", CultureInfo.InvariantCulture) : throw Wrong(at, "It is no number.");

    private static LocalText Money(JsonElement value, string at)
    {
        var money = JsonFields.Of(value, at);
        var amount = money.Any("amount") switch
        {
            { ValueKind: JsonValueKind.Number } number when number.TryGetDecimal(out var read) => read,
            { ValueKind: JsonValueKind.String } text when decimal.TryParse(JsonFields.TextOf(text, money.At("amount")), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read) => read,
            _ => throw Wrong(money.At("amount"), "The amount is no number."),
        };
        var currency = money.Need("currency", money.Text("currency", 3));
        money.End();
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper)) throw Wrong(money.At("currency"), "A currency has three capital letters.");
        var digits = amount.ToString(WithoutCents.Contains(currency) ? "#,0.####" : "#,0.00##", CultureInfo.InvariantCulture);
        return new LocalText(Signs.TryGetValue(currency, out var sign) ? (amount < 0 ? "-" + sign + digits[1..] : sign + digits) : $"{currency} {digits}", $"{currency} {digits}");
    }

    private LocalText Date(string text, string at)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return Days(day.ToDateTime(TimeOnly.MinValue));
        if (!text.Contains('T', StringComparison.Ordinal) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)) throw Wrong(at, "It is no date.");
        var local = TimeZoneInfo.ConvertTime(moment, settings.TimeZone);
        return Days(local.DateTime) + local.ToString(" HH:mm", CultureInfo.InvariantCulture);
    }

    private static LocalText Days(DateTime day) =>
        NotificationTexts.DateFormat.Select(date => day.ToString(date, CultureInfo.InvariantCulture));

    /// <summary>A recipient, a mail address, or a name: <c>{"name": {"zh": …, "en": …}}</c> or a mere text.</summary>
    private static NotificationValue Person(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            var text = Line(value, at);
            return new NotificationValue(text) { Person = text.Contains('@', StringComparison.Ordinal) ? new Recipient("email", Recipient.Check("email", text, at), false, at) : null };
        }

        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("name", out var name)) return new NotificationValue(Text(name, at + "/name"));
        var person = Recipient.Read(value, at);
        return person.Address is null ? throw Wrong(at, "It names no single person.") : new NotificationValue(person.Value) { Person = person };
    }

    private static string Hint(NotificationVariableKind kind) => kind switch
    {
        NotificationVariableKind.Number => "a JSON number, without quotes",
        NotificationVariableKind.Money => "{\"amount\": \"12345.60\", \"currency\": \"CNY\"}",
        NotificationVariableKind.Date => "2026-04-01, or 2026-04-01T09:30:00+08:00",
        NotificationVariableKind.Url => "https://…",
        NotificationVariableKind.Person => "{\"email\": \"bob@mica.example\"}, {\"employee_no\": \"M1002\"}, or a name",
        _ => "a text, or {\"zh\": \"…\", \"en\": \"…\"}",
    };

    private static RequestRefusedException Wrong(string at, string sentence) => RequestRefusedException.Impossible("wrong_type", at, sentence);
}
