using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.People;

namespace Larkspur.Gateway.Approvals;

/// <summary>A person, named in exactly one way.</summary>
internal record PaymentPerson : IRequestPart
{
    private const int Longest = 254;

    [MaxLength(Longest)]
    public string? Email { get; init; }

    [MaxLength(Longest)]
    public string? EmployeeNo { get; init; }

    [MaxLength(Longest)]
    public string? Mobile { get; init; }

    [MaxLength(Longest)]
    public string? OpenId { get; init; }

    [MaxLength(Longest)]
    public string? UserId { get; init; }

    [MaxLength(Longest)]
    public string? UnionId { get; init; }

    /// <summary>All ways to name one.</summary>
    [JsonIgnore]
    public (AddressKind Kind, string? Value)[] Named =>
    [
        (AddressKind.Email, Email), (AddressKind.Mobile, Mobile), (AddressKind.EmployeeNo, EmployeeNo),
        (AddressKind.UserId, UserId), (AddressKind.OpenId, OpenId), (AddressKind.UnionId, UnionId),
    ];
}

/// <summary>An approver.</summary>
internal sealed record PaymentApprover : PaymentPerson
{
    /// <summary>The step, where several leave it open who decides.</summary>
    [MaxLength(100)]
    public string? Node { get; init; }
}

/// <summary>A payment that is to be approved.</summary>
internal sealed record CreatePayment : IRequestBody<CreatePayment>
{
    /// <summary>The business system's own number.</summary>
    [MaxLength(100)]
    public required string Number { get; init; }

    /// <summary>What it is for.</summary>
    [MaxLength(200)]
    public string? Title { get; init; }

    /// <summary>Decimal; a number, or a text that holds one.</summary>
    public required JsonElement Amount { get; init; }

    /// <summary>ISO 4217.</summary>
    [MaxLength(10)]
    public required string Currency { get; init; }

    /// <summary>Who gets the money.</summary>
    [MaxLength(200)]
    public string? Payee { get; init; }

    /// <summary>Who asks for it, in exactly one way.</summary>
    public required PaymentPerson Submitter { get; init; }

    /// <summary>Who decides, for steps of the definition that leave it open.</summary>
    [MaxLength(100), MayBeEmpty]
    public IReadOnlyList<PaymentApprover>? Approvers { get; init; }

    /// <summary>Values by control id, custom id or name.</summary>
    public required JsonElement Form { get; init; }

    /// <summary>The webhook that is told; without it all that listen to payment.decided.</summary>
    [MaxLength(40)]
    public string? Webhook { get; init; }

    /// <summary>The app, by its configured name.</summary>
    [MaxLength(64)]
    public string? App { get; init; }

    /// <summary>The caller's name for it, as in the header Idempotency-Key.</summary>
    [MaxLength(IdempotencyKey.Longest)]
    public string? Key { get; init; }

    public static JsonTypeInfo<CreatePayment> Contract => ApprovalContracts.Default.CreatePayment;

    public static int Largest => 256 << 10;
}

/// <summary>A word to those who are reminded.</summary>
internal sealed record RemindPayment : IRequestBody<RemindPayment>
{
    [MaxLength(500)]
    public string? Comment { get; init; }

    /// <summary>The caller's name for it, as in the header Idempotency-Key.</summary>
    [MaxLength(IdempotencyKey.Longest)]
    public string? Key { get; init; }

    public static JsonTypeInfo<RemindPayment> Contract => ApprovalContracts.Default.RemindPayment;

    public static int Largest => 256 << 10;
}

/// <summary>What is asked for; the values by control id, custom id or name.</summary>
internal sealed record SubmitInstance : IRequestBody<SubmitInstance>
{
    [MaxLength(128)]
    public required string ApprovalCode { get; init; }

    public required PaymentPerson Submitter { get; init; }

    [MaxLength(100), MayBeEmpty, Refusal("wrong_type", "It must be a list of up to 100 people.", OfType = true, Status = 400)]
    public IReadOnlyList<PaymentApprover>? Approvers { get; init; }

    [Refusal("wrong_type", NoForm, OfType = true, Status = 400)]
    public required JsonElement Form { get; init; }

    [MaxLength(128)]
    public string? DepartmentId { get; init; }

    [MaxLength(64)]
    public string? App { get; init; }

    /// <summary>The caller's name for it, as in the header Idempotency-Key. None where nothing is made.</summary>
    [MaxLength(IdempotencyKey.Longest)]
    public string? Key { get; init; }

    public const string NoForm = "\"form\" must be an object of the form's controls and their values.";

    public static JsonTypeInfo<SubmitInstance> Contract => ApprovalContracts.Default.SubmitInstance;

    public static int Largest => ApprovalRelay.LargestBody;
}

/// <summary>In whose name something is done with an instance.</summary>
internal abstract record OnBehalf : IRequestPart
{
    [MissingHint("in whose name?")]
    public required PaymentPerson User { get; init; }

    [MaxLength(64)]
    public string? App { get; init; }
}

/// <summary>A withdrawal.</summary>
internal sealed record CancelInstance : OnBehalf, IRequestBody<CancelInstance>
{
    [MaxLength(128)]
    public string? ApprovalCode { get; init; }

    public static JsonTypeInfo<CancelInstance> Contract => ApprovalContracts.Default.CancelInstance;

    public static int Largest => ApprovalRelay.LargestBody;
}

/// <summary>Copies for people.</summary>
internal sealed record CopyInstance : OnBehalf, IRequestBody<CopyInstance>
{
    [MaxLength(100), Refusal("wrong_type", "It must be a list of 1 to 100 people.", OfType = true, Status = 400)]
    public required IReadOnlyList<PaymentPerson> People { get; init; }

    [MaxLength(2000)]
    public string? Comment { get; init; }

    [MaxLength(128)]
    public string? ApprovalCode { get; init; }

    public static JsonTypeInfo<CopyInstance> Contract => ApprovalContracts.Default.CopyInstance;

    public static int Largest => ApprovalRelay.LargestBody;
}

/// <summary>A comment.</summary>
internal sealed record CommentInstance : OnBehalf, IRequestBody<CommentInstance>
{
    [MaxLength(2000)]
    public required string Text { get; init; }

    /// <summary>The one that it answers.</summary>
    [MaxLength(128)]
    public string? Parent { get; init; }

    public static JsonTypeInfo<CommentInstance> Contract => ApprovalContracts.Default.CommentInstance;

    public static int Largest => ApprovalRelay.LargestBody;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(CreatePayment))]
[JsonSerializable(typeof(RemindPayment))]
[JsonSerializable(typeof(SubmitInstance))]
[JsonSerializable(typeof(CancelInstance))]
[JsonSerializable(typeof(CopyInstance))]
[JsonSerializable(typeof(CommentInstance))]
internal sealed partial class ApprovalContracts : JsonSerializerContext;
