/**
* 使用 npm 包 node-fetch 发送http请求, 详细使用文档可以参考
*  https://github.com/node-fetch/node-fetch
*/
const fetch = require('node-fetch');
 
module.exports = async function (params, context) {
  // 这里是方法入参
  console.log(params);
 
/**
 * 可以在这里编写业务逻辑，例如：
 * 1. 使用 node-fetch 通过 HTTP 方式请求外部数据，并对获取的数据进行加工；
 * 2. 使用 context.database API 来直接操作云开发云数据库；
 * 3. 使用 context.callModel 来操作其他数据模型数据；
 * 4. 使用 context.callConnector 来使用 API ；
 * 5. 使用 context.app.callFunction 来调用同环境的云开发云函数；
 */
  const response = await context.callWorkflow({action: 'StartProcessWithParams', data: {
    TriggerType: 6,
    ConnectorParam: {
      ConnectorName: "startflow_0iivqwe",
      FunctionName: "method_5b12595a75119"
    },
    ProcessKey: "flow_012",
    StartParams: [
      {
        "paramCode": "165708798187xxxxxx",
        "fieldType": "string",
        "entityCode": "",
        "value": "test data"
      }
    ],
    ExtraUserInfo: {
      UserId: 1000000000000000000,
      Source: 4
    }
  }});
  return response;
};
