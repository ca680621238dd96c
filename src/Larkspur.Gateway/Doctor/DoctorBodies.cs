using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Doctor;

/// <summary>What to examine.</summary>
/// <param name="App">The app by its configured name; default: <c>default</c>.</param>
/// <param name="Checks">Ids of the checks to run; absent: all, and the report is kept as the last one.</param>
[RequestSizeLimit(16 << 10)]
internal sealed record RunDoctor(
    [property: MaxLength(40)] string? App = null,
    [property: MaxLength(100), MaxItemLength(64)] IReadOnlyList<string>? Checks = null)
    : IRequestBody<RunDoctor, DoctorContracts>;

/// <summary>Credentials to try. They are not stored.</summary>
/// <param name="AppId">App ID, <c>cli_…</c>.</param>
/// <param name="AppSecret">App Secret; it is in no log and no answer.</param>
/// <param name="Brand"><c>feishu</c> (default) or <c>lark</c>.</param>
/// <param name="Features">What the app is meant for: <c>notifications</c>, <c>payments</c>; default both.</param>
[RequestSizeLimit(16 << 10)]
internal sealed record TestConnection(
    [property: MaxLength(64)] string AppId,
    [property: MaxLength(500)] string AppSecret,
    [property: MaxLength(20)] string? Brand = null,
    [property: MaxLength(10), MaxItemLength(64)] IReadOnlyList<string>? Features = null)
    : IRequestBody<TestConnection, DoctorContracts>;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(RunDoctor)), JsonSerializable(typeof(TestConnection))]
internal sealed partial class DoctorContracts : JsonSerializerContext, IBodyContracts<DoctorContracts>;
