using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Operations.Endpoints;

/// <summary>Who changed what.</summary>
internal static class AuditEndpoints
{
    private const int LongestFilter = 200;

    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        api.MapGet("/audit", ListAsync).Needs(ApiScopes.SettingsRead)
            .WithName("ListAudit").WithSummary("What administrators and programs changed, the newest first")
            .Produces<AuditView>().Refuses(400);
        api.MapGet("/audit/verify", VerifyAsync).Needs(ApiScopes.SettingsRead)
            .WithName("VerifyAudit").WithSummary("Whether the audit log is as it was written: its lines are a chain of seals, and the first one that does not fit is named")
            .Produces<AuditVerdictView>().Refuses(400);
    }

    private static async Task<IResult> VerifyAsync([AsParameters] AuditVerifyQuery query, AuditVerification verification, CancellationToken cancellation)
    {
        NotedHead? noted = null;
        if (ListQuery.NullIfEmpty(query.Head) is { } text)
            noted = NotedHead.Read(text) ?? throw RequestRefusedException.Malformed("bad_filter", "?head", "It is a head as this call tells it: LINE:SEAL.");
        var verdict = await verification.VerifyAsync(noted, cancellation: cancellation);
        return TypedResults.Ok(new AuditVerdictView(verdict.Flaw is null, verdict.Lines, verdict.Last, verdict.Head,
            verdict.Flaw is { } flaw ? new AuditFlawView(flaw.Word, flaw.Line, flaw.Sentence.English, flaw.Sentence.Chinese) : null));
    }

    private static async Task<IResult> ListAsync([AsParameters] AuditQuery query, AuditTrail audit, CancellationToken cancellation)
    {
        var limit = query.Limit ?? 50;
        if (limit is < 1 or > AuditTrail.MostOnPage) throw RequestRefusedException.Malformed("bad_limit", "?limit", $"From 1 to {AuditTrail.MostOnPage}.");
        foreach (var (name, value) in new[] { ("who", query.Who), ("what", query.What), ("subject", query.Subject) })
        {
            if (value is { Length: > LongestFilter } || value?.Contains('\0', StringComparison.Ordinal) == true) throw RequestRefusedException.Malformed("bad_filter", "?" + name, "It is too long, or no text.");
        }

        var filter = new AuditFilter(ListQuery.NullIfEmpty(query.Who), ListQuery.NullIfEmpty(query.What), ListQuery.NullIfEmpty(query.Subject), query.Since, query.Until);
        var lines = await audit.ReadAsync(filter, query.Cursor, limit, cancellation);
        return TypedResults.Ok(new AuditView([.. lines.Select(View)], lines.Count == limit ? lines[^1].Id : null));
    }

    private static AuditLineView View(AuditLine line) =>
        new(line.Id, line.At, line.Who, line.What, line.Subject, line.Detail is { } detail ? JsonSerializer.Deserialize<JsonElement>(detail) : null, line.Address);
}

/// <summary>The query of the audit log.</summary>
internal readonly record struct AuditQuery
{
    [Description("Only what this one did: console:anna, key:mica, api, system")]
    [FromQuery(Name = "who")]
    public string? Who { get; init; }

    [Description("Only this: setting.changed, webhook.created…")]
    [FromQuery(Name = "what")]
    public string? What { get; init; }

    [Description("Only what was done to this: a setting's key, a webhook's name…")]
    [FromQuery(Name = "subject")]
    public string? Subject { get; init; }

    [Description("Only lines from this time on, ISO 8601; without an offset it is UTC")]
    [FromQuery(Name = "since")]
    public DateTimeOffset? Since { get; init; }

    [Description("Only lines before this time")]
    [FromQuery(Name = "until")]
    public DateTimeOffset? Until { get; init; }

    [Description("Where the page before ended: its next")]
    [FromQuery(Name = "cursor")]
    public long? Cursor { get; init; }

    [Description("Lines on a page, 1 to 200; default 50")]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }
}

/// <summary>Lines of the audit log.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Next">The cursor of the next page, which may be empty; absent when there is none.</param>
internal sealed record AuditView(IReadOnlyList<AuditLineView> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Next);

/// <summary>One line.</summary>
/// <param name="Id">Its number.</param>
/// <param name="At">When.</param>
/// <param name="Who">By whom.</param>
/// <param name="What">What was done.</param>
/// <param name="Subject">To what.</param>
/// <param name="Detail">From what to what; never a secret.</param>
/// <param name="Address">Where it was asked from.</param>
internal sealed record AuditLineView(long Id, DateTimeOffset At, string Who, string What, string? Subject, JsonElement? Detail, string? Address);

/// <summary>The query of the audit log's verification.</summary>
internal readonly record struct AuditVerifyQuery
{
    [Description("A head that was noted earlier, as this call and the daily log line tell it (LINE:SEAL): the log must still have that line, unchanged")]
    [FromQuery(Name = "head")]
    public string? Head { get; init; }
}

/// <summary>Whether the audit log is as it was written.</summary>
/// <param name="Ok">It is.</param>
/// <param name="Lines">How many lines were looked at and fit.</param>
/// <param name="Last">The number of the last line.</param>
/// <param name="Head">Where it ends, to be noted elsewhere: LINE:SEAL.</param>
/// <param name="Flaw">The first thing that does not fit; absent when all does.</param>
internal sealed record AuditVerdictView(bool Ok, long Lines, long Last, string Head, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AuditFlawView? Flaw);

/// <summary>What does not fit.</summary>
/// <param name="Error">A word: changed, unsealed, missing, inserted, cut, other_head, no_key, no_chain, begun_anew, kept_head.</param>
/// <param name="Line">The first line that does not fit; absent when it is none in particular.</param>
/// <param name="Message">For people.</param>
/// <param name="MessageZh">The same in Chinese.</param>
internal sealed record AuditFlawView(string Error, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Line, string Message, string MessageZh);
