using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>
/// A form filled in by words behind the command, where a chat shows no inputs: <c>/leave 类型=年假 开始=2026-05-01 原因=回家</c>. An input
/// is named by its label in either language or by its id. The words of a form with one input are that input's.
/// </summary>
internal sealed class FormText
{
    private const int LongestText = 1000;
    private const int LongestPrefill = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly string[] Yes = ["true", "yes", "y", "1", "是", "对", "好", "✓", "√"];
    private static readonly string[] No = ["false", "no", "n", "0", "否", "不", "不是", "×"];

    /// <summary>
    /// With the year in front, in any of the usual ways: a day and a month alone are read differently in different places.
    /// </summary>
    private static readonly string[] Dates = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日", "yyyyMMdd"];

    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, JsonNode?> _values = new(StringComparer.Ordinal);
    private readonly List<LocalText> _problems = [];

    private FormText()
    {
    }

    /// <summary>Nothing was written: that is no mistake, but a question how to.</summary>
    public bool IsEmpty { get; private init; }

    /// <summary>The card might have no room for so much.</summary>
    private bool IsLong { get; init; }

    /// <summary>What is wrong, in the order of the inputs.</summary>
    public IReadOnlyList<LocalText> Problems => _problems;

    /// <summary>What was entered, by the inputs' kinds; every input is a member.</summary>
    public string Json() => new JsonObject(_values.Select(v => KeyValuePair.Create(v.Key, v.Value?.DeepClone()))).ToJsonString(AsWritten);

    /// <summary>The form with what was understood as its inputs' beginnings.</summary>
    public CardMessage Prefilled(CardMessage form) => IsLong ? form : form with
    {
        Inputs = [.. form.Inputs.Select(i => _values.GetValueOrDefault(i.Id) switch
        {
            null => i,
            JsonValue truth when truth.TryGetValue<bool>(out var yes) => i with { Initial = yes ? "true" : null },
            var text => i with { Initial = text.GetValue<string>() },
        })],
    };

    public static FormText Read(CardMessage form, string words)
    {
        var read = new FormText { IsEmpty = words.Length == 0, IsLong = words.Length > LongestPrefill };
        var (said, isWhole) = Split(form, words);
        if (form.Inputs is [var only] && !isWhole) said = new(StringComparer.Ordinal) { [only.Id] = words };
        else if (!isWhole) read._problems.Add(CommandFormTexts.IDidNotUnderstandAllItWrite);
        foreach (var input in form.Inputs) read.Take(input, said.GetValueOrDefault(input.Id));
        return read;
    }

    /// <summary>How to write it, in one language, as plain text.</summary>
    public static string Usage(RegisteredCommand command, CardMessage form, Language language)
    {
        var tag = language.Tag();
        var lines = form.Inputs.Select(i =>
        {
            var need = !i.Required || i.Kind == CardInputKind.Checkbox ? "" : CommandFormTexts.Required.In(tag);
            var what = i.Kind switch
            {
                CardInputKind.Select => LocalText.List(i.Options.Select(o => o.Label.In(tag))).In(tag),
                CardInputKind.Date => CommandFormTexts.DateHint.In(tag),
                CardInputKind.Checkbox => CommandFormTexts.YesOrNo.In(tag),
                _ => i.Placeholder?.In(tag) ?? CommandFormTexts.Words.In(tag),
            };
            return CommandFormTexts.LineOfInput(i.Label, need, what).In(tag);
        });
        var sample = string.Join(' ', form.Inputs.Where(i => i.Required || form.Inputs.Count == 1).DefaultIfEmpty(form.Inputs[0])
            .Select(i => $"{i.Label.In(tag)}={Sample(i, tag)}"));
        string?[] parts =
        [
            form.Title.In(tag), (form.Text ?? form.Markdown)?.In(tag),
            .. form.Facts.Select(f => $"{f.Label.In(tag)}: {f.Value.In(tag)}"), .. lines,
            CommandFormTexts.SendLikeThis(command.Name, sample).In(tag), CommandFace.Open(form, command.Owner).Footnote?.In(tag),
        ];
        return string.Join('\n', parts.OfType<string>());
    }

    private static string Sample(CardInput input, string tag) => input.Kind switch
    {
        CardInputKind.Select => input.Options[0].Label.In(tag),
        CardInputKind.Date => "2026-05-01",
        CardInputKind.Checkbox => CommandFormTexts.SampleYes.In(tag),
        _ => "…",
    };

    /// <summary>The pieces of the words that follow an input's name and an equals sign or colon.</summary>
    /// <returns>The pieces by the inputs' ids, and whether they are all that was written.</returns>
    private static (Dictionary<string, string> Said, bool IsWhole) Split(CardMessage form, string words)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var input in form.Inputs)
        {
            foreach (var name in (string[])[input.Label.Chinese, input.Label.English, input.Id])
            {
                if (name.Trim() is { Length: > 0 } word) names.TryAdd(word, input.Id);
            }
        }

        var any = string.Join('|', names.Keys.OrderByDescending(n => n.Length).Select(Regex.Escape));
        // What only the expression takes for one letter (the sign of Kelvin for a K) is no name.
        const RegexOptions Alike = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
        var found = Regex.Matches(words, $@"(?<=^|[\s,;，；。])({any})\s*[=＝:：]", Alike, Patience)
            .Where(m => names.ContainsKey(m.Groups[1].Value)).ToArray();
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        var isWhole = words.Length == 0 || found is [{ Index: 0 }, ..];
        for (var i = 0; i < found.Length; i++)
        {
            var from = found[i].Index + found[i].Length;
            var piece = words[from..(i + 1 < found.Length ? found[i + 1].Index : words.Length)].Trim();
            isWhole &= said.TryAdd(names[found[i].Groups[1].Value], piece.TrimEnd(',', ';', '，', '；').Trim());
        }

        return (said, isWhole);
    }

    private void Take(CardInput input, string? said)
    {
        var (value, problem) = said is { Length: > 0 } ? Value(input, said) : (Initial(input), null);
        _values[input.Id] = value;
        if (problem is not null) _problems.Add(problem);
        else if (value is null && input.Required && input.Kind != CardInputKind.Checkbox)
            _problems.Add(CommandFormTexts.IsMissing(input.Label));
    }

    private static JsonNode? Initial(CardInput input) => input.Kind == CardInputKind.Checkbox ? input.Initial == "true" : input.Initial;

    private static (JsonNode? Value, LocalText? Problem) Value(CardInput input, string said)
    {
        switch (input.Kind)
        {
            case CardInputKind.Select:
                var option = input.Options.FirstOrDefault(o => ((string[])[o.Value, o.Label.Chinese, o.Label.English])
                    .Contains(said, StringComparer.OrdinalIgnoreCase));
                return option is not null ? (option.Value, null) : (null, Wrong(LocalText.List(input.Options.Select(o => o.Label))));
            case CardInputKind.Date:
                return DateOnly.TryParseExact(said, Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                    ? (date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), null)
                        : (null, Wrong(CommandFormTexts.DateHint));
            case CardInputKind.Checkbox:
                return Yes.Contains(said, StringComparer.OrdinalIgnoreCase) ? (true, null)
                    : No.Contains(said, StringComparer.OrdinalIgnoreCase) ? (false, null) : (null, Wrong(CommandFormTexts.YesOrNo));
            default:
                var most = input.MaxLength ?? LongestText;
                return said.Length <= most ? (said, null) : (null, Wrong(CommandFormTexts.AtMost(most)));
        }

        LocalText Wrong(LocalText expected) => CommandFormTexts.Wrong(input.Label, expected);
    }
}
