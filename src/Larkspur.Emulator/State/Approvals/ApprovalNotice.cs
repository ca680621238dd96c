using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Approvals;

/// <summary>A message that an app had the approval bot write.</summary>
/// <param name="Template">The platform's number of it.</param>
/// <param name="AppId">Who had it sent; only that app changes it.</param>
public sealed record ApprovalNotice(string Template, string AppId, string Approval, ImmutableArray<string> Lines, ImmutableArray<(string Name, string Url)> Actions, DateTimeOffset SentAt);
