using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Approvals;

/// <summary>A kind of request that lives in another system and is only shown here.</summary>
/// <param name="GivenCode">What the other system calls it; the same call under it changes the definition.</param>
/// <param name="BodyJson">What the app said of it.</param>
public sealed record ExternalApproval(string Code, string GivenCode, string AppId, string Name, string BodyJson, string CallbackUrl, string CallbackToken, string CallbackKey);

/// <summary>A request of another system.</summary>
/// <param name="UpdateTime">Unix ms; an older state never replaces a newer one.</param>
/// <param name="BodyJson">What the app said of it last, complete.</param>
public sealed record ExternalInstance(string Code, string InstanceId, string AppId, string Status, string UserId, string Title, long StartTime, long UpdateTime, string BodyJson, ImmutableArray<ExternalTask> Tasks);

/// <param name="Context">Comes back unchanged with the callback of a click.</param>
/// <param name="Actions">Action types that the person can click: APPROVE, REJECT or one of the app's own.</param>
public sealed record ExternalTask(string TaskId, string UserId, string Status, long UpdateTime, string Context, ImmutableArray<ExternalAction> Actions);

/// <param name="Name">A text, or a key of the instance's texts; empty for the usual words.</param>
public sealed record ExternalAction(string Type, string Name, bool ReasonRequired);
