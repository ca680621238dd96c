using System.Globalization;
using Larkspur.DingTalk.Robots;

namespace Larkspur.DingTalk.Workflow;

/// <summary>Files of approvals. They lie in a space of their own on the organisation's drive (审批钉盘): people upload there by the script of a page, the app fetches them and gives others leave.</summary>
/// <remarks>Source: 02/0502–0505. Permission <c>Workflow.Instance.Write</c>. Thread-safe.</remarks>
public sealed class DingTalkApprovalFiles
{
    private const string Spaces = "/v1.0/workflow/processInstances/spaces";

    // To give the same leave twice is to give it once.
    private static readonly DingTalkEndpoint Space = Post("workflow.file.space", $"{Spaces}/infos/query");
    private static readonly DingTalkEndpoint Download = Post("workflow.file.download", $"{Spaces}/files/urls/download");
    private static readonly DingTalkEndpoint Preview = Post("workflow.file.preview", $"{Spaces}/authPreview");
    private static readonly DingTalkEndpoint Grant = Post("workflow.file.grant", $"{Spaces}/files/authDownload");

    private readonly DingTalkClient _client;

    internal DingTalkApprovalFiles(DingTalkClient client) => _client = client;

    /// <summary>The space of approvals; from now on the person may upload there (<c>uploadAttachmentToDingTalk</c> in a page's script).</summary>
    /// <exception cref="DingTalkApiException"><c>userNotExist</c> (<see cref="FailureKind.NotFound"/>), others.</exception>
    public async Task<long> GetSpaceAsync(string userId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(userId);
        var answer = await _client.SendAsync<SpaceAnswer>(new DingTalkRequest(Space) { Body = new { userId, agentId = _client.Options.AgentId } }, cancellationToken: cancellationToken);
        return answer.Result?.SpaceId ?? throw DingTalkErrorReader.WrongShape(Space.Id, "there is no spaceId");
    }

    /// <summary>An address of a file that is good for 15 minutes. Secret while it lives. The name at its end is not the file's: take that from <see cref="ApprovalAttachment.FileName"/>.</summary>
    /// <param name="instanceId">The instance whose form has the file.</param>
    /// <param name="fileId">The file; an empty one has no address.</param>
    /// <param name="withComments">Look among the files of comments too.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException"><c>noPermission</c>: the file is none of the instance; <c>processInstNotExist</c>; others.</exception>
    public async Task<Uri> GetDownloadUrlAsync(string instanceId, string fileId, bool withComments = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentException.ThrowIfNullOrWhiteSpace(fileId);
        // The misspelt name is the platform's.
        var body = new { processInstanceId = instanceId, fileId, withCommentAttatchment = withComments ? true : (bool?)null };
        var answer = await _client.SendAsync<DownloadAnswer>(new DingTalkRequest(Download) { Body = body }, cancellationToken: cancellationToken);
        return FileDownload.Address(_client, answer.Result?.DownloadUri, Download.Id);
    }

    /// <summary>Copies a file. Our token does not go with it.</summary>
    /// <param name="instanceId">The instance whose form has the file.</param>
    /// <param name="fileId">The file.</param>
    /// <param name="target">Gets the bytes; after a failure it has a part of them.</param>
    /// <param name="maxBytes">Most bytes taken. Default 30 MB.</param>
    /// <param name="withComments">Look among the files of comments too.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many bytes.</returns>
    /// <exception cref="DingTalkApiException">Refused, or larger than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="PlatformNetworkException">The connection failed, or nothing came for <see cref="DingTalkOptions.DownloadSilence"/>.</exception>
    public async Task<long> DownloadAsync(string instanceId, string fileId, Stream target, long maxBytes = 30 << 20, bool withComments = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        Uri url = await GetDownloadUrlAsync(instanceId, fileId, withComments, cancellationToken);
        return await new FileDownload(_client, "workflow.file.content").CopyAsync(url, target, maxBytes, cancellationToken);
    }

    /// <summary>Lets a person look at files of an instance; wanted before each look (<c>previewFileInDingTalk</c> in a page's script).</summary>
    /// <param name="instanceId">The instance whose form has the files.</param>
    /// <param name="userId">Who.</param>
    /// <param name="fileIds">1 to 20 files.</param>
    /// <param name="withComments">Look among the files of comments too.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task AllowPreviewAsync(string instanceId, string userId, IReadOnlyList<string> fileIds, bool withComments = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentException.ThrowIfNullOrWhiteSpace(userId);
        ArgumentNullException.ThrowIfNull(fileIds);
        if (fileIds.Count is 0 or > 20 || fileIds.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException("1 to 20 files are named.", nameof(fileIds));
        var body = new
        {
            userId, agentId = _client.Options.AgentId, processInstanceId = instanceId, fileId = fileIds[0], fileIdList = fileIds.Count == 1 ? null : fileIds, withCommentAttatchment = withComments ? true : (bool?)null,
        };
        return WorkflowAnswers.DoneAsync(_client, new DingTalkRequest(Preview) { Body = body }, cancellationToken);
    }

    /// <summary>Lets a person download files of the space.</summary>
    /// <param name="userId">Who.</param>
    /// <param name="files">1 to 10 files.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task AllowDownloadAsync(string userId, IReadOnlyList<ApprovalAttachment> files, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(userId);
        ArgumentNullException.ThrowIfNull(files);
        if (files.Count is 0 or > 10) throw new ArgumentException("1 to 10 files are named.", nameof(files));
        var infos = files.Select(static f => new
        {
            fileId = f.FileId, spaceId = long.TryParse(f.SpaceId, NumberStyles.None, CultureInfo.InvariantCulture, out long space) ? space : throw new ArgumentException("A space is a number.", nameof(files)),
        }).ToArray();
        return WorkflowAnswers.DoneAsync(_client, new DingTalkRequest(Grant) { Body = new { userId, fileInfos = infos } }, cancellationToken);
    }

    private static DingTalkEndpoint Post(string id, string path) => new() { Id = id, Method = HttpMethod.Post, Path = path, OnlyReads = true };

    private sealed record SpaceAnswer(SpaceInfo? Result);

    private sealed record SpaceInfo(long? SpaceId);

    private sealed record DownloadAnswer(Address? Result);

    private sealed record Address(string? DownloadUri);
}
