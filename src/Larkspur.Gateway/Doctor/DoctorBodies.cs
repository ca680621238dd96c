using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.Doctor;

/// <summary>What to examine.</summary>
internal sealed record RunDoctor : IRequestBody<RunDoctor>
{
    /// <summary>The app by its configured name; default: <c>default</c>.</summary>
    [MaxLength(40)]
    public string? App { get; init; }

    /// <summary>Ids of the checks to run; absent: all, and the report is kept as the last one.</summary>
    [MaxLength(100), MaxItemLength(64)]
    public IReadOnlyList<string>? Checks { get; init; }

    public static JsonTypeInfo<RunDoctor> Contract => DoctorContracts.Default.RunDoctor;

    public static int Largest => 16 << 10;
}

/// <summary>Credentials to try. They are not stored.</summary>
internal sealed record TestConnection : IRequestBody<TestConnection>
{
    /// <summary>App ID, <c>cli_…</c>.</summary>
    [MaxLength(64)]
    public required string AppId { get; init; }

    /// <summary>App Secret; it is in no log and no answer.</summary>
    [MaxLength(500)]
    public required string AppSecret { get; init; }

    /// <summary><c>feishu</c> (default) or <c>lark</c>.</summary>
    [MaxLength(20)]
    public string? Brand { get; init; }

    /// <summary>What the app is meant for: <c>notifications</c>, <c>payments</c>; default both.</summary>
    [MaxLength(10), MaxItemLength(64)]
    public IReadOnlyList<string>? Features { get; init; }

    public static JsonTypeInfo<TestConnection> Contract => DoctorContracts.Default.TestConnection;

    public static int Largest => 16 << 10;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(RunDoctor))]
[JsonSerializable(typeof(TestConnection))]
internal sealed partial class DoctorContracts : JsonSerializerContext;
