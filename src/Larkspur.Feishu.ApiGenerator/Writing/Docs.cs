using System.Collections.Generic;
using System.Linq;
using Larkspur.Feishu.ApiGenerator.Facts;

namespace Larkspur.Feishu.ApiGenerator.Writing;

/// <summary>XML documentation from the facts. The catalogue holds no prose, so neither do these.</summary>
internal static class Docs
{
    private const int MostErrors = 12;
    private const int MostValues = 24;

    /// <summary>What the facts say about a field; null when that is nothing beyond name and type.</summary>
    public static string? Of(Field field)
    {
        var parts = new List<string>();
        if (field.Values.Length > 0)
            parts.Add((field.Values.Length == 1 ? "Always " : "One of ") + string.Join(", ", field.Values.Take(MostValues)) + (field.Values.Length > MostValues ? ", …" : ""));
        if (field.Length is not null) parts.Add("Length " + field.Length);
        if (field.Items is not null) parts.Add("Items " + field.Items);
        if (field.Bounds is not null) parts.Add("Value " + field.Bounds);
        if (field.Pattern is not null) parts.Add("Pattern " + field.Pattern);
        if (!string.IsNullOrEmpty(field.Default)) parts.Add("Default " + field.Default);
        if (field.IsJsonText) parts.Add("JSON as text");
        if (field.Scopes.Length > 0) parts.Add("Needs a scope: " + string.Join(" or ", field.Scopes.Take(3)));
        if (field.Deprecated && field.Required) parts.Add("Deprecated, yet required");
        return parts.Count == 0 ? null : Escape(string.Join(". ", parts)) + ".";
    }

    public static void Write(Code code, Endpoint endpoint)
    {
        code.Line("/// <summary><c>" + Escape(endpoint.Method + " " + endpoint.Path) + "</c></summary>");
        code.Line("/// <remarks>");
        foreach (var line in Facts(endpoint)) code.Line("/// <para>" + Escape(line) + "</para>");
        code.Line("/// </remarks>");
    }

    public static void Write(Code code, EventType type)
    {
        code.Line("/// <summary>" + (type.IsCallback ? "Callback" : "Event") + " <c>" + Escape(type.Name) + "</c>, schema " + type.Version + ".</summary>");
        code.Line("/// <remarks>");
        if (type.Scopes.Length > 0) code.Line("/// <para>" + Escape("Scopes, any of: " + string.Join(", ", type.Scopes)) + "</para>");
        if (type.Source is not null) code.Line("/// <para>" + Escape("UNVERIFIED: known from " + type.Source + " only.") + "</para>");
        else if (type.Inferred) code.Line("/// <para>UNVERIFIED: fields in part derived from the page's example.</para>");
        if (type.Doc is not null) code.Line("/// <para>" + Page(type.Doc) + "</para>");
        code.Line("/// </remarks>");
    }

    public static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\r", "").Replace("\n", " ");

    private static IEnumerable<string> Facts(Endpoint endpoint)
    {
        yield return "Token: " + Tokens(endpoint) + ".";
        if (endpoint.Scopes.Length > 0) yield return "Scopes, any of: " + string.Join(", ", endpoint.Scopes) + ".";
        if (endpoint.RateTier is not null) yield return "Rate limit: " + endpoint.RateTier + ".";
        foreach (var limit in endpoint.Limits.Select(Limit)) yield return limit;
        if (endpoint.IdempotencyField is { } key) yield return "With " + key + " the call may be repeated: it takes effect once.";
        foreach (var size in endpoint.SizeLimits) yield return "Size of " + size["what"]?.Text + ": at most " + size["maxBytes"]?.Text + " bytes.";
        if (endpoint.Unverified) yield return "UNVERIFIED: tokens or scopes from one source other than the reference.";
        if (endpoint.Source is not null) yield return "UNVERIFIED: not in the reference; known from " + endpoint.Source + ".";

        var errors = endpoint.Errors.Where(error => error["code"] is not null && error["msg"] is not null).ToArray();
        if (errors.Length > 0)
        {
            var shown = errors.Take(MostErrors).Select(error => error["code"]!.Text + " " + error["msg"]!.Text.TrimEnd('.', ' '));
            yield return "Errors: " + string.Join("; ", shown) + (errors.Length > MostErrors ? $"; and {errors.Length - MostErrors} more." : ".");
        }

        if (endpoint.Doc is not null) yield return Page(endpoint.Doc);
    }

    private static string Tokens(Endpoint endpoint)
    {
        if (endpoint.NoAuth) return "none";
        return endpoint.Tokens.Length == 0 ? "not documented (tenant or user is tried)" : string.Join(" or ", endpoint.Tokens);
    }

    private static string Limit(JsonValue limit)
    {
        var parts = new List<string>();
        if (limit["perSecond"] is { } second) parts.Add(second.Text + "/s");
        if (limit["perMinute"] is { } minute) parts.Add(minute.Text + "/min");
        if (limit["perDay"] is { } day) parts.Add(day.Text + "/day");
        if (limit["concurrency"] is { } concurrency) parts.Add(concurrency.Text + " at once");
        if (limit["max"] is { } max) parts.Add("at most " + max.Text + " " + limit["unit"]?.Text);
        return "Limit per " + (limit["scope"]?.Text ?? "call") + ": " + string.Join(", ", parts) + ".";
    }

    private static string Page(string doc) => "https://open.feishu.cn/document" + doc;
}
