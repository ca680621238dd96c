using System.Net;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.Tokens;

namespace Larkspur.Emulator.WeCom.ApiPipeline;

/// <summary>One call that passed the checks before its handler.</summary>
internal sealed record WeComCall
{
    public required IQueryCollection Query { get; init; }
    public required JsonObject Body { get; init; }
    public required IReadOnlyDictionary<string, UploadedFile> Files { get; init; }
    /// <summary>Scheme and authority under which the caller reached us, without a slash behind.</summary>
    public required string Origin { get; init; }
    public IPAddress? Remote { get; init; }
    /// <summary>Whose token it bears; <see langword="null"/> where none is wanted.</summary>
    public TokenOwner? Owner { get; init; }

    public string Asked(string name) => Query[name].ToString();

    /// <summary>The application whose token it is.</summary>
    /// <exception cref="WeComRefusal">48002: another secret's token.</exception>
    public int Agent => Owner?.AgentId ?? throw new WeComRefusal(48002, "api forbidden");

    public string? Text(string name) => WeComJson.Text(Body, name);

    /// <exception cref="WeComRefusal">40058: it is missing or empty.</exception>
    public string Need(string name) => Text(name) is { Length: > 0 } text ? text : throw WeComRefusal.Parameter($"missing {name}");
}
