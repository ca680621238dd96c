namespace Larkspur.Feishu.Tables;

/// <summary>The body of batch_get.</summary>
internal sealed record AskedBody(IReadOnlyList<string> RecordIds, string UserIdType, bool? AutomaticFields);

/// <summary>Its answer.</summary>
internal sealed record LookupWire(
    IReadOnlyList<RecordWire>? Records, IReadOnlyList<string>? ForbiddenRecordIds, IReadOnlyList<string>? AbsentRecordIds);
