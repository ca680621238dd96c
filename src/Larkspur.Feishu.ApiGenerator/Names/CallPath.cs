using System;
using System.Collections.Generic;
using System.Linq;
using Larkspur.Feishu.ApiGenerator.Facts;

namespace Larkspur.Feishu.ApiGenerator.Names;

/// <summary>From a catalogue id to the way a caller writes: service, version, resources, method.</summary>
internal static class CallPath
{
    private static readonly HashSet<string> Verbs = new(StringComparer.Ordinal)
    {
        "add", "append", "approve", "authorize", "cancel", "cc", "check", "copy", "create", "crop", "del", "delete", "get", "import", "insert", "list",
        "merge", "modify", "move", "prepend", "pull", "query", "reject", "remove", "reply", "search", "send", "subscribe", "transfer", "unmerge",
        "unsubscribe", "update", "upload", "validate",
    };

    /// <summary>The segments of the id that become names.</summary>
    /// <remarks>
    /// Ids that were made from the path end in the HTTP method: <c>meeting_room.room.create.post</c>. Where the segment before already says what
    /// is done, the method says nothing and is dropped. A page number in the id (<c>ugjMzUjL4IzM14COyMTN</c>) is no name either.
    /// </remarks>
    public static IReadOnlyList<string> Of(Endpoint endpoint)
    {
        var segments = endpoint.Id.Split('.').ToList();
        if (segments.Count > 2 && LooksLikePageNumber(Last(segments))) segments.RemoveAt(segments.Count - 1);

        if (segments.Count > 2 && string.Equals(Last(segments), endpoint.Method, StringComparison.OrdinalIgnoreCase))
        {
            var before = segments[segments.Count - 2];
            var words = Words.Lower(before);
            if (EndsPath(endpoint.Path, before) && (Verbs.Contains(words[0]) || Verbs.Contains(words[words.Count - 1]))) segments.RemoveAt(segments.Count - 1);
        }

        return segments;
    }

    public static bool IsVersion(string segment) => segment.Length is 2 or 3 && segment[0] == 'v' && segment.Skip(1).All(char.IsDigit);

    private static bool EndsPath(string path, string segment)
        => path.Split('/').Where(part => part.Length > 0).LastOrDefault(part => part[0] != '{') == segment;

    private static bool LooksLikePageNumber(string segment)
        => segment.Length > 15 && segment.Any(char.IsDigit) && segment.Any(char.IsUpper) && segment.Any(char.IsLower) && !segment.Contains('_');

    private static string Last(List<string> segments) => segments[segments.Count - 1];
}
