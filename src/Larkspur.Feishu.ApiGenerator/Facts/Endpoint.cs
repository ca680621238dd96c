using System;
using System.Collections.Generic;
using System.Linq;

namespace Larkspur.Feishu.ApiGenerator.Facts;

internal enum AnswerKind { Data, Flat, Binary, Redirect }

/// <summary>One endpoint, as the catalogue has it.</summary>
internal sealed class Endpoint
{
    /// <summary>Where a field named like an idempotency key is something else: the id of a device, of an uploaded file, or (vc bot) unexplained.</summary>
    private static readonly HashSet<string> NotIdempotent = new(StringComparer.Ordinal)
    {
        "security_and_compliance.v2.device_record.create", "hire.v1.exam.create", "vc.v1.bot.message",
    };

    public Endpoint(JsonValue json)
    {
        Id = json["id"]!.Text;
        Method = json["method"]!.Text;
        Path = json["path"]!.Text;
        Host = json["host"]?.Text;
        NoAuth = json["noAuth"]?.IsTrue == true;
        Tokens = Field.Texts(json["tokens"]).ToArray();
        Scopes = Field.Texts(json["scopes"]).ToArray();
        RateTier = json["rateLimit"]?["tier"]?.Text;
        Limits = json["limits"]?.Items ?? Array.Empty<JsonValue>();
        PerSecond = Lowest(json["rateLimit"], "perSecond");
        PerMinute = Lowest(json["rateLimit"], "perMinute");
        SizeLimits = json["sizeLimits"]?.Items ?? Array.Empty<JsonValue>();
        Errors = json["errors"]?.Items ?? Array.Empty<JsonValue>();
        ContentType = json["contentType"]?.Text;
        Paged = json["paged"]?.IsTrue == true;
        Deprecated = json["deprecated"]?.IsTrue == true;
        Unverified = json["unverified"] is not null;
        Source = json["source"]?.Text;
        Doc = json["doc"]?.Text;
        PathParameters = Field.ListOf(json["pathParams"]);
        Query = Field.ListOf(json["query"]);
        Headers = Field.ListOf(json["headers"]);
        Body = Field.ListOf(json["body"]);
        (Answer, AnswerFields, AnswerTypeName) = Judge(Field.ListOf(json["response"]), json["responseType"]?.Text);
    }

    public string Id { get; }

    public string Method { get; }

    public string Path { get; }

    public string? Host { get; }

    public bool NoAuth { get; }

    public string[] Tokens { get; }

    public string[] Scopes { get; }

    public string? PerSecond { get; }

    public string? PerMinute { get; }

    public string? RateTier { get; }

    public IReadOnlyList<JsonValue> Limits { get; }

    public IReadOnlyList<JsonValue> SizeLimits { get; }

    public IReadOnlyList<JsonValue> Errors { get; }

    public string? ContentType { get; }

    public bool Paged { get; }

    public bool Deprecated { get; }

    public bool Unverified { get; }

    public string? Source { get; }

    public string? Doc { get; }

    public IReadOnlyList<Field> PathParameters { get; }

    public IReadOnlyList<Field> Query { get; }

    public IReadOnlyList<Field> Headers { get; }

    public IReadOnlyList<Field> Body { get; }

    public AnswerKind Answer { get; }

    /// <summary>What the call returns: the fields of <c>data</c>, or of the whole object when flat.</summary>
    public IReadOnlyList<Field> AnswerFields { get; }

    public string? AnswerTypeName { get; }

    public bool HasInput => PathParameters.Count + Query.Count + Headers.Count + Body.Count > 0;

    public bool IsForm => ContentType is not null;

    public bool IsMultipart => ContentType == "multipart/form-data";

    /// <summary><c>uuid</c>, <c>client_token</c> or a name that says it, where it makes a write safe to repeat.</summary>
    public string? IdempotencyField => Method == "GET" || NotIdempotent.Contains(Id)
        ? null
        : Query.Concat(Body).Select(input => input.Name).FirstOrDefault(name => name is "uuid" or "client_token" or "idempotency_key" or "idempotent_key" or "idempotent_id");

    /// <summary>
    /// The limit of the whole API: its level, or what its page says beyond that ("special" levels say it nowhere else). Limits of one receiver, one
    /// document or one kind of use are no limits of the API.
    /// </summary>
    private string? Lowest(JsonValue? level, string window) => Limits
        .Where(limit => limit["scope"]?.Text is "api" or "app" or "tenant" && limit["when"] is null)
        .Select(limit => limit[window]?.Text).Concat(new[] { level?[window]?.Text })
        .Where(text => text is not null)
        .OrderBy(text => int.Parse(text!, System.Globalization.CultureInfo.InvariantCulture)).FirstOrDefault();

    private (AnswerKind, IReadOnlyList<Field>, string?) Judge(IReadOnlyList<Field> response, string? type)
    {
        if (type == "binary") return (AnswerKind.Binary, Array.Empty<Field>(), null);
        if (type == "redirect") return (AnswerKind.Redirect, Array.Empty<Field>(), null);

        var data = response.FirstOrDefault(field => field.Name == "data");
        if (data is not null) return (AnswerKind.Data, data.Fields, data.TypeName);
        if (response.All(field => field.Name is "code" or "msg")) return (AnswerKind.Data, Array.Empty<Field>(), null);

        // Two pages list only the inside of data. Everything below /open-apis/ answers in the envelope, the OAuth hosts do not.
        var bare = response.All(field => field.Name != "code") && Path.StartsWith("/open-apis/", StringComparison.Ordinal);
        return (bare ? AnswerKind.Data : AnswerKind.Flat, response, null);
    }
}
