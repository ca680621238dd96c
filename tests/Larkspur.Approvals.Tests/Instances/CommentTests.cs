using Larkspur.Feishu;
using Larkspur.Feishu.Approvals;

namespace Larkspur.Approvals.Tests.Instances;

public sealed class CommentTests : EmulatorTests
{
    [Fact]
    public async Task People_say_answer_and_take_back()
    {
        string code = await PaidAsync();
        string first = await Feishu.Approvals.Instances.CommentAsync(code, Bob, "{为什么} \"这么贵\"?", cancellationToken: Stop);
        string answer = await Feishu.Approvals.Instances.CommentAsync(code, Alice, "进口的", replyTo: first, cancellationToken: Stop);
        ApprovalComment said = Assert.Single(await Feishu.Approvals.Instances.CommentsAsync(code, Alice, cancellationToken: Stop));
        Assert.Equal((first, Bob.Id, "{为什么} \"这么贵\"?", false), (said.CommentId, said.Author, said.Text, said.IsDeleted));
        Assert.Equal((answer, "进口的"), said.Replies.Single() is var reply ? (reply.CommentId, reply.Text) : default);
        Assert.Contains((await GetAsync(code)).Comments, c => c.Text == "进口的" && c.OpenId == Alice.Id);

        Assert.NotNull((await RefusedAsync(Feishu.Approvals.Instances.DeleteCommentAsync(code, first, Alice, cancellationToken: Stop))).Explanation);
        await Feishu.Approvals.Instances.DeleteCommentAsync(code, first, Bob, cancellationToken: Stop);
        Assert.True((await Feishu.Approvals.Instances.CommentsAsync(code, Alice, cancellationToken: Stop)).Single().IsDeleted);
        await Feishu.Approvals.Instances.DeleteAllCommentsAsync(code, Alice, cancellationToken: Stop);
        Assert.Empty((await GetAsync(code)).Comments);
        await Assert.ThrowsAsync<ArgumentException>(() => Feishu.Approvals.Instances.CommentAsync(code, Bob, " ", cancellationToken: Stop));
    }
}
