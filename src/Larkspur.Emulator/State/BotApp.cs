using System.Collections.Immutable;

namespace Larkspur.Emulator.State;

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
        [new() { Number = 1, Name = "1.0.0", Status = AppVersionStatus.Audited, Created = DateTimeOffset.UnixEpoch,
            Published = DateTimeOffset.UnixEpoch }];

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
    /// <summary>Departments of the contacts range, each with all below it, beside the people of <see cref="AvailableTo"/>;
    /// <see langword="null"/>: as <see cref="AvailableTo"/> says.</summary>
    public ImmutableHashSet<string>? ContactDepartments { get; init; }
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
    /// <summary>Where people who signed in may be sent back to; <see langword="null"/>: anywhere.</summary>
    public ImmutableArray<string>? RedirectUris { get; init; }
    /// <summary>The app's security page lets it refresh user tokens.</summary>
    public bool MayRefresh { get; init; } = true;
    /// <summary>Messages of its QR page come from another origin than the platform's, as a hostile page's would.</summary>
    public bool QrFromElsewhere { get; init; }
    public ImmutableList<AppVersion> Versions { get; init; } = FirstVersion;
    /// <summary>The number of the version that is online; <see langword="null"/> while none was published.</summary>
    public int? OnlineVersion { get; init; } = 1;

    public AppVersion? Online => Versions.FirstOrDefault(v => v.Number == OnlineVersion);

    public string BotOpenId => "ou_" + WireIds.Hash("bot", AppId);

    /// <summary>Without a version online no scope is in force.</summary>
    public bool IsGranted(string scope) => OnlineVersion is not null && (GrantedScopes is null || GrantedScopes.Contains(scope));

    /// <summary>Whether the version online ticked the event.</summary>
    public bool Hears(string eventType) => OnlineVersion is not null && (Subscriptions is null || Subscriptions.Contains(eventType));

    /// <summary>Whether the whole company is in its contacts range.</summary>
    public bool ReadsWholeCompany => AvailableTo is null && ContactDepartments is null;

    /// <summary>Whether they can see the app; a contacts range of its own does not keep people from it.</summary>
    public bool IsAvailableTo(string userId) => AvailableTo is null || ContactDepartments is not null || AvailableTo.Contains(userId);
}
