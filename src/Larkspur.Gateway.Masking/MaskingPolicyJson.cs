using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.Gateway.Masking;

/// <summary>A policy as JSON: <c>{"kinds":["mobile"],"custom":[{"name":"staff","pattern":"EMP-[0-9]{6}","replacement":"***"},{"name":"projects","words":["…"]}]}</c>.</summary>
internal static class MaskingPolicyJson
{
    private static readonly MaskingJsonContext Context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Reads a policy.</summary>
    /// <exception cref="FormatException">It is not JSON of that form, or makes no policy; the message says what is wrong.</exception>
    public static MaskingPolicy Read(string json)
    {
        try
        {
            return Policy(JsonSerializer.Deserialize(json, Context.PolicyJson) ?? throw new FormatException("A masking policy is an object."));
        }
        catch (JsonException e)
        {
            throw new FormatException($"A masking policy is an object of kinds, custom and mark; this is not JSON of that form: {e.Message}", e);
        }
    }

    /// <summary>Writes a policy so that <see cref="Read"/> gives the same.</summary>
    public static string Write(MaskingPolicy policy) => JsonSerializer.Serialize(new PolicyJson
    {
        Kinds = [.. PersonalDataNames.All.Where(policy.Kinds.Contains).Select(static kind => kind.Name())],
        Mark = policy.Mark == '*' ? null : policy.Mark.ToString(),
        Custom = policy.Custom.Count == 0 ? null : [.. policy.Custom.Select(Rule)],
    }, Context.PolicyJson);

    private static MaskingPolicy Policy(PolicyJson json)
    {
        var mark = json.Mark ?? "*";
        if (mark is not [var one] || char.IsLetterOrDigit(one) || char.IsWhiteSpace(one) || char.IsControl(one) || char.IsSurrogate(one) || one == '@')
        {
            throw new FormatException("A masking policy's mark is one character that is no letter, no digit, no blank and no at sign.");
        }

        return new MaskingPolicy
        {
            Kinds = json.Kinds is null or [] ? FrozenSet<PersonalData>.Empty : json.Kinds.Select(MaskingPolicy.KindOf).ToFrozenSet(),
            Custom = [.. (json.Custom ?? []).Select(Rule)],
            Mark = one,
        };
    }

    private static CustomMask Rule(RuleJson? json)
    {
        if (json is null) throw new FormatException("A masking rule is an object.");
        if (json.Words is null == json.Pattern is null) throw new FormatException($"Masking rule \"{json.Name}\" has either words or a pattern.");
        if (json.Words is not null) return CustomMask.OfWords(json.Name!, json.Words!, json.Replacement);
        TimeSpan? timeout = json.TimeoutMs is { } limit ? TimeSpan.FromMilliseconds(limit) : null;
        return CustomMask.OfPattern(json.Name!, json.Pattern!, json.Replacement, json.Reach ?? CustomMask.DefaultReach, timeout, json.IgnoreCase ?? false);
    }

    private static RuleJson Rule(CustomMask rule) => new()
    {
        Name = rule.Name,
        Words = rule.Pattern is null ? [.. rule.Words] : null,
        Pattern = rule.Pattern?.ToString(),
        Replacement = rule.Replacement == CustomMask.DefaultReplacement ? null : rule.Replacement,
        Reach = rule.Pattern is null || rule.Reach == CustomMask.DefaultReach ? null : rule.Reach,
        TimeoutMs = rule.Pattern is null || rule.Pattern.MatchTimeout == CustomMask.DefaultTimeout ? null : (int)rule.Pattern.MatchTimeout.TotalMilliseconds,
        IgnoreCase = rule.Pattern?.Options.HasFlag(System.Text.RegularExpressions.RegexOptions.IgnoreCase) == true ? true : null,
    };

    internal sealed record PolicyJson
    {
        public string?[]? Kinds { get; init; }

        public string? Mark { get; init; }

        public RuleJson?[]? Custom { get; init; }
    }

    internal sealed record RuleJson
    {
        public string? Name { get; init; }

        public string?[]? Words { get; init; }

        public string? Pattern { get; init; }

        public string? Replacement { get; init; }

        public int? Reach { get; init; }

        public int? TimeoutMs { get; init; }

        public bool? IgnoreCase { get; init; }
    }
}

/// <summary>How a policy is read and written.</summary>
[JsonSerializable(typeof(MaskingPolicyJson.PolicyJson))]
internal sealed partial class MaskingJsonContext : JsonSerializerContext;
