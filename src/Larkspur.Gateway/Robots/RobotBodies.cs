using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Robots;

/// <summary>What is sent to add or change one. Absent: as it was; a new one needs its platform and its address.</summary>
/// <param name="Platform"><c>feishu</c>, <c>wecom</c> or <c>dingtalk</c>; it stays.</param>
/// <param name="Address">The address as the group shows it. It is a secret, and never shown again.</param>
/// <param name="Secret">What signs, where the robot's security settings have a signature.</param>
/// <param name="Signed">False: it signs nothing any more, and its secret is forgotten. True goes with a secret, or with one that is
/// kept.</param>
/// <param name="Description">What the robot is for.</param>
/// <param name="Enabled">False: what is queued waits, and new messages are refused.</param>
/// <param name="System">The system that it belongs to; default: the calling key's. Another one takes others:write.</param>
[RequestSizeLimit(16 << 10)]
internal sealed record PutRobot(
    [property: MaxLength(16)] string? Platform = null,
    [property: MaxLength(1000)] string? Address = null,
    [property: MaxLength(256)] string? Secret = null,
    bool? Signed = null,
    [property: MaxLength(200)] string? Description = null,
    bool? Enabled = null,
    [property: MaxLength(KeyReach.LongestSystem)] string? System = null)
    : IRequestBody<PutRobot, RobotContracts>;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(PutRobot))]
internal sealed partial class RobotContracts : JsonSerializerContext, IBodyContracts<RobotContracts>;
