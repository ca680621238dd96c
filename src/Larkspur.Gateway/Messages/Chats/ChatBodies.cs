using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.Messages;

/// <summary>A group to make.</summary>
internal sealed record NewChat : IRequestBody<NewChat>
{
    /// <inheritdoc cref="MessageSaid.Key"/>
    [MaxLength(IdempotencyKey.Longest)]
    public string? Key { get; init; }

    [MaxLength(60)]
    public string? Name { get; init; }

    [MaxLength(100)]
    public string? Description { get; init; }

    /// <summary>The owner's open id; null: the bot.</summary>
    [MaxLength(256)]
    public string? OwnerId { get; init; }

    [MaxLength(50), MaxItemLength(256)]
    public IReadOnlyList<string>? OpenIds { get; init; }

    /// <summary>Other bots, by their app ids.</summary>
    [MaxLength(5), MaxItemLength(256)]
    public IReadOnlyList<string>? BotIds { get; init; }

    public static JsonTypeInfo<NewChat> Contract => ChatContracts.Default.NewChat;

    public static int Largest => 32 << 10;
}

/// <summary>People.</summary>
internal sealed record MemberList : IRequestBody<MemberList>
{
    [MaxLength(50), MaxItemLength(256)]
    public required IReadOnlyList<string> OpenIds { get; init; }

    public static JsonTypeInfo<MemberList> Contract => ChatContracts.Default.MemberList;

    public static int Largest => 32 << 10;
}

/// <summary>Changes of an announcement.</summary>
internal sealed record AnnouncementChange : IRequestBody<AnnouncementChange>
{
    /// <summary>The version that they are made to: as the announcement was read.</summary>
    [MaxLength(32)]
    public required string Revision { get; init; }

    /// <summary>The platform's edit requests, each the text of a JSON object.</summary>
    [MaxLength(100), MaxItemLength(256 << 10)]
    public required IReadOnlyList<string> Requests { get; init; }

    public static JsonTypeInfo<AnnouncementChange> Contract => ChatContracts.Default.AnnouncementChange;

    public static int Largest => 256 << 10;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(NewChat))]
[JsonSerializable(typeof(MemberList))]
[JsonSerializable(typeof(AnnouncementChange))]
internal sealed partial class ChatContracts : JsonSerializerContext;
