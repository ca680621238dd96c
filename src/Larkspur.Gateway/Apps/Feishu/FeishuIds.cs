using System.Text.RegularExpressions;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>The platform's ids by their shape, so that one in the wrong place is noticed before anything is sent.</summary>
/// <remarks>oc_ chat, om_ message, ou_ open id, on_ union id, omt_ thread; a user id has no prefix of these. Source: platform overview of ids.</remarks>
internal static partial class FeishuIds
{
    private static readonly (string Prefix, string Kind)[] Prefixes =
        [("oc_", "chat_id"), ("omt_", "thread_id"), ("om_", "message_id"), ("ou_", "open_id"), ("on_", "union_id"), ("cli_", "app_id"), ("img_", "image_key"), ("file_", "file_key")];

    /// <summary>What an id is by its prefix, or null.</summary>
    public static string? KindOf(string id) => Array.Find(Prefixes, p => id.StartsWith(p.Prefix, StringComparison.Ordinal)).Kind;

    /// <summary>What kind of id of a person somebody has entered; null: none that the platform sends to.</summary>
    public static string? PersonKindOf(string? person) => person?.Trim() switch
    {
        null or "" => null,
        var mail when mail.Contains('@', StringComparison.Ordinal) => Email().IsMatch(mail) ? "email" : null,
        var id when !Id().IsMatch(id) => null,
        var id => KindOf(id) switch { null => "user_id", "open_id" => "open_id", "union_id" => "union_id", _ => null },
    };

    /// <summary>Refuses an id that cannot be of its kind.</summary>
    /// <param name="kind"><c>chat_id</c>, <c>message_id</c>, <c>open_id</c>, <c>union_id</c>, <c>user_id</c>, <c>email</c>…</param>
    /// <param name="id">The id.</param>
    /// <param name="pointer">Where it stands.</param>
    /// <exception cref="RequestRefusedException">It is another kind's, or nobody's.</exception>
    public static string Check(string kind, string id, string? pointer)
    {
        if (kind == "email")
        {
            return Email().IsMatch(id) ? id : throw RequestRefusedException.Impossible("wrong_id_type", pointer, "It is no mail address.");
        }

        var known = KindOf(id);
        if (known is not null && known != kind) throw Other($"\"{JsonFields.Shown(id)}\" is {Article(known)} {known}, not {Article(kind)} {kind}.");
        if (id.Contains('@', StringComparison.Ordinal)) throw Other($"A mail address is given as email, not as {kind}.");
        if (kind != "user_id" && known is null) throw Other($"\"{JsonFields.Shown(id)}\" is no {kind}: those begin with {Array.Find(Prefixes, p => p.Kind == kind).Prefix}");
        return Id().IsMatch(id) ? id : throw RequestRefusedException.Impossible("bad_id", pointer, $"It is no {kind}: ids have up to 128 letters, digits, _ and -.");

        RequestRefusedException Other(string sentence) => RequestRefusedException.Impossible("wrong_id_type", pointer, sentence);
    }

    /// <summary>Ids of one kind, in a list.</summary>
    /// <exception cref="RequestRefusedException">One of them is none; the pointer says which.</exception>
    public static IReadOnlyList<string> CheckAll(string kind, IReadOnlyList<string> ids, string pointer) =>
        [.. ids.Select((id, i) => Check(kind, id, $"{pointer}/{i}"))];

    /// <summary>A reaction's id has no prefix; what could lead elsewhere in an address (<c>..</c>, <c>/</c>) is in none.</summary>
    public static string CheckReaction(string id, string pointer) =>
        Reaction().IsMatch(id) ? id : throw RequestRefusedException.Impossible("bad_id", pointer, "It is no reaction's id.");

    private static string Article(string kind) => kind[0] is 'a' or 'e' or 'i' or 'o' || kind == "union_id" ? "an" : "a";

    [GeneratedRegex(@"^[A-Za-z0-9_\-]{1,128}\z", RegexOptions.None, 10_000)]
    private static partial Regex Id();

    [GeneratedRegex(@"^[A-Za-z0-9_\-=+*]{1,256}\z", RegexOptions.None, 10_000)]
    private static partial Regex Reaction();

    [GeneratedRegex(@"^[^\s@<>""(),:;\\\p{C}]{1,64}@[A-Za-z0-9.\-]{1,190}\z", RegexOptions.None, 10_000)]
    private static partial Regex Email();
}
