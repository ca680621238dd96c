using System.Globalization;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>What can be wrong with a member of a body, whoever reads it.</summary>
internal static class BodyRefusals
{
    public static RequestRefusedException Wrong(string pointer, string wanted) => RequestRefusedException.Malformed("wrong_type",
        pointer.Length == 0 ? null : pointer, $"{(pointer.Length == 0 ? "The body" : "It")} must be {wanted}.");

    /// <param name="pointer">Where it should be.</param>
    /// <param name="name">The member.</param>
    /// <param name="unknown">Members that nobody knows: one of them may be meant for it.</param>
    /// <param name="hint">What it is for; null: its name says it.</param>
    public static RequestRefusedException Missing(string pointer, string name, IEnumerable<string> unknown, string? hint = null)
    {
        var meant = unknown.FirstOrDefault(other => Spelling.Nearest(other, [name]) is not null);
        var missing = hint is null ? RequestTexts.Missing(name)
            : new LocalText(RequestTexts.Missing(name).Chinese, $"\"{name}\" is missing: {hint}.");
        return RequestRefusedException.Malformed("missing", pointer, meant is null ? missing
            : missing + RequestTexts.MayBeMeant(JsonFields.Shown(meant)));
    }

    /// <param name="pointer">Where it is.</param>
    /// <param name="name">The member that nobody knows.</param>
    /// <param name="known">Those that are known.</param>
    public static RequestRefusedException Unknown(string pointer, string name, IEnumerable<string> known) =>
        RequestRefusedException.Malformed("unknown_field", pointer, RequestTexts.UnknownField(JsonFields.Shown(name)).OrMeant(name, known));

    /// <summary>With the known name that a mistyped one is nearest to, if any is near.</summary>
    public static LocalText OrMeant(this LocalText unknown, string name, IEnumerable<string> known) =>
        Spelling.Nearest(JsonFields.Shown(name), known) is { } near ? unknown + RequestTexts.DidYouMean(near) : unknown;

    public static RequestRefusedException Empty(string pointer, string what = "It") =>
        RequestRefusedException.Malformed("empty", pointer, $"{what} must not be empty.");

    public static RequestRefusedException TooLong(string pointer, int longest) => RequestRefusedException.Impossible("too_long", pointer,
        $"It may have {longest.ToString(CultureInfo.InvariantCulture)} characters.");

    public static RequestRefusedException TooMany(string pointer, int most) => RequestRefusedException.Impossible("too_many", pointer,
        $"There may be {most.ToString(CultureInfo.InvariantCulture)} of them.");

    /// <summary>An item of a list of texts.</summary>
    public static RequestRefusedException BadItem(string pointer) =>
        RequestRefusedException.Impossible("bad_id", pointer, "It is empty or too long.");

    public static RequestRefusedException BadTime(string pointer) => RequestRefusedException.Malformed("bad_time", pointer,
        "A time is written in ISO 8601, like 2027-01-31T00:00:00Z.");
}
