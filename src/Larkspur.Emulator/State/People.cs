using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Emulator.State;

/// <summary>A member of the emulated company, or a guest of another one. <see cref="UserId"/> is the tenant-wide <c>user_id</c>; a guest's
/// is only the emulator's word for them.</summary>
public sealed record Person
{
    public required string UserId { get; init; }
    public required string Name { get; init; }
    public required string EnName { get; init; }
    public required string Email { get; init; }
    public required string Mobile { get; init; }
    public required string EmployeeNo { get; init; }
    public required string JobTitle { get; init; }
    /// <summary>Language of this person's client: <c>zh_cn</c> or <c>en_us</c>.</summary>
    public string Locale { get; init; } = "zh_cn";
    public string? LeaderUserId { get; init; }
    public int Gender { get; init; }
    public string City { get; init; } = "";
    public long JoinTime { get; init; }
    public bool IsResigned { get; init; }
    public bool IsTenantManager { get; init; }
    /// <summary><c>open_department_id</c>s; the first is the primary one.</summary>
    public ImmutableArray<string> DepartmentIds { get; init; } = [];

    /// <summary>The other company that they are of; <see langword="null"/>: a member of this one.</summary>
    public string? TenantKey { get; init; }

    /// <summary>Their <c>user_id</c> in that other company, which a member of this one may have too; <see langword="null"/>: as
    /// here.</summary>
    public string? IdInTenant { get; init; }

    public bool IsGuest => TenantKey is not null;

    public string UnionId => "on_" + WireIds.Hash("union", UserId);
}

/// <summary>A department; the root is not stored, its id is <c>0</c>.</summary>
public sealed record Department
{
    public const string Root = "0";

    public required string OpenDepartmentId { get; init; }
    public required string DepartmentId { get; init; }
    public required string Name { get; init; }
    public required string EnName { get; init; }
    public string ParentOpenDepartmentId { get; init; } = Root;
    public string? LeaderUserId { get; init; }
    public string Order { get; init; } = "0";
}

public enum AppKind { Custom, Store }

/// <summary>Where a kind of push goes.</summary>
public enum SubscriptionMode
{
    /// <summary>Over the long connection while a client is connected, else to the callback address; without an address the client's
    /// return is awaited.</summary>
    Automatic,
    Webhook,
    LongConnection,
}

/// <summary>An app of the company and its bot.</summary>
public sealed record BotApp
{
    private static readonly ImmutableList<AppVersion> FirstVersion =
        [new() { Number = 1, Name = "1.0.0", Status = AppVersionStatus.Audited, Created = DateTimeOffset.UnixEpoch, Published = DateTimeOffset.UnixEpoch }];

    public required string AppId { get; init; }
    public required string AppSecret { get; init; }
    public string EncryptKey { get; init; } = "";
    public string VerificationToken { get; init; } = "";
    public required string Name { get; init; }
    public required string EnName { get; init; }
    public AppKind Kind { get; init; } = AppKind.Custom;
    public string TenantKey { get; init; } = "2ed263bf32cf1651";
    public bool BotEnabled { get; init; } = true;
    /// <summary>Scopes granted in the tenant; <see langword="null"/> means every scope.</summary>
    public ImmutableHashSet<string>? GrantedScopes { get; init; }
    /// <summary>People who can see the app; <see langword="null"/> means the whole company.</summary>
    public ImmutableHashSet<string>? AvailableTo { get; init; }
    /// <summary>Event types the app subscribed to; <see langword="null"/> means all.</summary>
    public ImmutableHashSet<string>? Subscriptions { get; init; }
    /// <summary>Where events and card callbacks go; empty for none.</summary>
    public string CallbackUrl { get; init; } = "";
    /// <summary>How the app subscribed to events.</summary>
    public SubscriptionMode EventMode { get; init; }
    /// <summary>How the app subscribed to callbacks: a setting of its own.</summary>
    public SubscriptionMode CallbackMode { get; init; }

    /// <summary>The address came back with the challenge when it was set.</summary>
    public bool CallbackVerified { get; init; }
    public ImmutableList<AppVersion> Versions { get; init; } = FirstVersion;
    /// <summary>The number of the version that is online; <see langword="null"/> while none was published.</summary>
    public int? OnlineVersion { get; init; } = 1;

    public AppVersion? Online => Versions.FirstOrDefault(v => v.Number == OnlineVersion);

    public string BotOpenId => "ou_" + WireIds.Hash("bot", AppId);

    /// <summary>Without a version online no scope is in force.</summary>
    public bool IsGranted(string scope) => OnlineVersion is not null && (GrantedScopes is null || GrantedScopes.Contains(scope));

    /// <summary>Whether the version online ticked the event.</summary>
    public bool Hears(string eventType) => OnlineVersion is not null && (Subscriptions is null || Subscriptions.Contains(eventType));

    public bool IsAvailableTo(string userId) => AvailableTo is null || AvailableTo.Contains(userId);
}

/// <summary>Ids as they look on the wire. An <c>open_id</c> is different in every app, a <c>union_id</c> in every developer.</summary>
public static class WireIds
{
    public static string OpenId(string appId, string userId) => "ou_" + Hash("open", appId + "/" + userId);

    public static string Hash(string kind, string value) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("larkspur/" + kind + "/" + value)))[..32];
}

/// <summary>Makes new ids. Give a seed to get the same ones in every run.</summary>
public sealed class IdSource(int? seed = null)
{
    private readonly Random? _seeded = seed is { } s ? new Random(s) : null;
    private readonly Lock _gate = new();

    /// <param name="prefix">For example <c>om_</c>; 32 hex digits follow.</param>
    public string Next(string prefix)
    {
        Span<byte> bytes = stackalloc byte[16];
        Fill(bytes);
        return prefix + Convert.ToHexStringLower(bytes);
    }

    public void Fill(Span<byte> bytes)
    {
        if (_seeded is null)
        {
            RandomNumberGenerator.Fill(bytes);
            return;
        }

        lock (_gate) _seeded.NextBytes(bytes);
    }
}
